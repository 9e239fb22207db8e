import threading

from counterpoint.storage import settings
from counterpoint.storage.database import Database, open_database


def test_a_value_is_set_changed_and_removed(database: Database) -> None:
    with database.write() as connection:
        assert settings.get(connection, "x") is None
        settings.put(connection, "x", {"a": [1]})
        assert settings.get(connection, "x") == {"a": [1]}
        settings.put(connection, "x", False)
        assert settings.get(connection, "x") is False
        settings.put(connection, "x", None)
        assert settings.get(connection, "x") is None


def test_of_several_who_begin_the_first_one_holds(database: Database, database_url: str) -> None:
    other, begun = open_database(database_url), threading.Event()

    def second() -> None:
        with other.write() as connection:
            begun.set()
            settings.put_first(connection, "x", 2)

    late = threading.Thread(target=second)
    with database.write() as connection:
        settings.put_first(connection, "x", 1)
        late.start()
        if not database.is_sqlite:  # there, another writer does not even begin
            begun.wait()
    late.join()
    with database.read() as connection:
        assert settings.get(connection, "x") == 1
    other.close()


def test_the_revision_counts_from_nothing(database: Database) -> None:
    with database.write() as connection:
        assert settings.revision(connection) == 0
        assert [settings.bump(connection) for _ in range(3)] == [1, 2, 3]
        assert settings.revision(connection) == 3
