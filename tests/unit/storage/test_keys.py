import pytest
from sqlalchemy.exc import IntegrityError

from counterpoint.storage import keys, organisations
from counterpoint.storage.database import Database


def make(database: Database, name: str = "ci", expires_at: int | None = None) -> str:
    with database.write() as connection:
        organisation = organisations.find_organisation(connection, "acme")
        if organisation is None:
            organisation = organisations.add_organisation(connection, "acme")
            organisations.add_project(connection, organisation.id, "web")
        project = organisations.find_project(connection, organisation.id, "web")
        assert project is not None
        return keys.add(
            connection,
            project_id=project.id,
            name=name,
            owner="studio",
            models=("a/*",),
            expires_at=expires_at,
        )


def test_a_key_is_read_with_its_project_and_newest_hint(database: Database) -> None:
    key_id = make(database)
    with database.write() as connection:
        keys.add_digest(connection, key_id=key_id, digest=b"1" * 32, hint="first")
        keys.expire_digests(connection, key_id, 50, keep=b"none")
        keys.add_digest(connection, key_id=key_id, digest=b"2" * 32, hint="second")
        row = keys.by_id(connection, key_id)
        assert row is not None
        assert (row.project, row.models, row.hint) == ("web", ("a/*",), "second")
        assert keys.by_digest(connection, b"1" * 32) == row
        assert keys.by_digest(connection, b"3" * 32) is None
        assert keys.by_name(connection, row.project_id, "ci") == row


def test_only_what_is_valid_at_the_time_opens(database: Database) -> None:
    key_id = make(database, expires_at=100)
    with database.write() as connection:
        keys.add_digest(connection, key_id=key_id, digest=b"1" * 32, hint="")
        keys.expire_digests(connection, key_id, 50, keep=b"none")
        keys.expire_digests(connection, key_id, 70, keep=b"none")  # an earlier end stays
        keys.add_digest(connection, key_id=key_id, digest=b"2" * 32, hint="")

        def valid(now: int) -> list[bytes]:
            return sorted(digest.digest[:1] for digest, _ in keys.valid_digests(connection, now))

        assert [valid(now) for now in (49, 50, 99, 100)] == [[b"1", b"2"], [b"2"], [b"2"], []]
        keys.drop_digests(connection, key_id, keep=b"1" * 32)
        assert valid(10) == [b"1"]
        keys.change(connection, key_id, revoked_at=5)
        assert valid(10) == []


def test_two_keys_never_share_a_secret_or_a_name(database: Database) -> None:
    first, second = make(database, "a"), make(database, "b")
    with database.write() as connection:
        keys.add_digest(connection, key_id=first, digest=b"1" * 32, hint="")
    with pytest.raises(IntegrityError), database.write() as connection:
        keys.add_digest(connection, key_id=second, digest=b"1" * 32, hint="")
    with pytest.raises(IntegrityError):
        make(database, "a")
