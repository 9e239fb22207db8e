from counterpoint.storage import outbox
from counterpoint.storage.database import Database


def test_a_message_is_due_until_it_has_ended(database: Database) -> None:
    with database.write() as connection:
        made = outbox.add(connection, "webhook", "https://example.org/", b"{}", 100)
        assert outbox.claim(connection, 99, 200, 10) == []
        (mine,) = outbox.claim(connection, 100, 200, 10)
        assert (mine.id, mine.attempts, mine.body) == (made, 0, b"{}")
        assert outbox.claim(connection, 150, 250, 10) == []
        outbox.again(connection, made, 160, "away")
        (again,) = outbox.claim(connection, 160, 260, 10)
        assert again.attempts == 1
        outbox.ended(connection, made, 170)
        assert outbox.claim(connection, 10**6, 10**7, 10) == []
        assert outbox.forget(connection, 170) == 0
        assert outbox.forget(connection, 171) == 1
