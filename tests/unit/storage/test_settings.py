from counterpoint.storage import settings
from counterpoint.storage.database import Database


def test_a_value_is_set_changed_and_removed(database: Database) -> None:
    with database.write() as connection:
        assert settings.get(connection, "x") is None
        settings.put(connection, "x", {"a": [1]})
        assert settings.get(connection, "x") == {"a": [1]}
        settings.put(connection, "x", False)
        assert settings.get(connection, "x") is False
        settings.put(connection, "x", None)
        assert settings.get(connection, "x") is None


def test_the_revision_counts_from_nothing(database: Database) -> None:
    with database.write() as connection:
        assert settings.revision(connection) == 0
        assert [settings.bump(connection) for _ in range(3)] == [1, 2, 3]
        assert settings.revision(connection) == 3
