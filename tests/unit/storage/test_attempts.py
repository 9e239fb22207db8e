from counterpoint.storage import attempts
from counterpoint.storage.database import Database


def test_counts_within_a_window_and_forgets_after_it(database: Database) -> None:
    subject = b"s" * 32
    with database.write() as connection:
        assert [attempts.take(connection, subject, now, 100).count for now in (1, 50, 99)] == [1, 2, 3]
        assert attempts.take(connection, subject, 101, 100) == attempts.AttemptRow(1, 101)
        attempts.forget(connection, subject)
        assert attempts.take(connection, subject, 102, 100).count == 1


def test_one_is_taken_back(database: Database) -> None:
    subject = b"s" * 32
    with database.write() as connection:
        attempts.give_back(connection, subject)
        attempts.take(connection, subject, 1, 100)
        attempts.take(connection, subject, 2, 100)
        attempts.give_back(connection, subject)
        assert attempts.take(connection, subject, 3, 100).count == 2
