import threading

from sqlalchemy import text

from counterpoint.storage import settings
from counterpoint.storage.database import Database
from counterpoint.storage.listening import Listener


def test_a_change_is_heard_of_and_again_after_the_connection_was_lost(database: Database) -> None:
    news: list[str] = []
    changed = threading.Condition()

    def heard(what: str) -> None:
        with changed:
            news.append(what)
            changed.notify_all()

    listener = Listener(database, heard)
    listener.start()
    try:
        if database.is_sqlite:
            return  # there is nobody else to hear from
        with changed:
            assert changed.wait_for(lambda: news == [""], 20)
        with database.write() as connection:
            settings.bump(connection)
        with changed:
            assert changed.wait_for(lambda: news == ["", settings.REVISION], 20)
        with database.write() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            )
        with changed:
            assert changed.wait_for(lambda: news[-1] == "", 20)
    finally:
        listener.stop()
