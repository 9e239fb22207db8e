from counterpoint.storage import secrets
from counterpoint.storage.database import Database
from counterpoint.storage.secrets import SecretRow


def row(owner: str, ciphertext: bytes = b"c", kind: str = "provider") -> SecretRow:
    return SecretRow(kind, owner, "secret", ciphertext, b"n" * 12, "key", "…1234")


def test_one_secret_per_owner_and_name(database: Database) -> None:
    with database.write() as connection:
        secrets.put(connection, row("a", b"one"))
        secrets.put(connection, row("a", b"two"))
        secrets.put(connection, row("b"))
        secrets.put(connection, row("k", kind="key"))
        found = secrets.find(connection, "provider", "a", "secret")
        assert found is not None
        assert bytes(found.ciphertext) == b"two"
        assert secrets.find(connection, "provider", "c", "secret") is None
        assert [item.owner_id for item in secrets.listed(connection, "provider")] == ["a", "b"]
        assert len(secrets.listed(connection)) == 3
        secrets.drop(connection, "provider", "a")
        assert secrets.find(connection, "provider", "a", "secret") is None
