import pytest
from sqlalchemy import update

from counterpoint.control.masterkey import new_master_key
from counterpoint.control.vault import Vault, masked
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import secrets as store
from counterpoint.storage.database import Database
from counterpoint.storage.tables import secrets

TEXT = "sk-a-provider-secret-1234"


def test_what_was_put_is_got_and_replaced(database: Database) -> None:
    vault = Vault([new_master_key()])
    with database.write() as connection:
        assert vault.get(connection, "provider", "p1", "secret") is None
        vault.put(connection, "provider", "p1", "secret", "earlier-earlier")
        vault.put(connection, "provider", "p1", "secret", TEXT)
        vault.put(connection, "provider", "p2", "secret", "ünïcode")
        assert vault.get(connection, "provider", "p1", "secret") == TEXT
        assert vault.all(connection, "provider") == {("p1", "secret"): TEXT, ("p2", "secret"): "ünïcode"}


def test_the_database_holds_no_plain_text(database: Database) -> None:
    vault = Vault([new_master_key()])
    with database.write() as connection:
        vault.put(connection, "provider", "p1", "secret", TEXT)
        vault.put(connection, "provider", "p2", "secret", TEXT)
        first, second = store.listed(connection)
    assert first.ciphertext != second.ciphertext
    assert TEXT.encode() not in bytes(first.ciphertext)
    assert first.hint == "…1234"


def test_a_ciphertext_moved_to_another_owner_opens_nothing(database: Database) -> None:
    vault = Vault([new_master_key()])
    with database.write() as connection:
        vault.put(connection, "provider", "p1", "secret", TEXT)
        connection.execute(update(secrets).values(owner_id="p2"))
        with pytest.raises(Complaint, match="changed or moved"):
            vault.get(connection, "provider", "p2", "secret")


def test_another_master_key_is_noticed_before_anything_runs(database: Database) -> None:
    with database.write() as connection:
        Vault([new_master_key()]).put(connection, "provider", "p1", "secret", TEXT)
        other = Vault([new_master_key()])
        with pytest.raises(Complaint, match=r"restore|Restore"):
            other.check(connection)
        with pytest.raises(Complaint, match="master key"):
            other.get(connection, "provider", "p1", "secret")


def test_rotation_reads_the_old_and_writes_the_new(database: Database) -> None:
    old, new = new_master_key(), new_master_key()
    with database.write() as connection:
        Vault([old]).put(connection, "provider", "p1", "secret", TEXT)
        both = Vault([new, old])
        both.check(connection)
        assert both.renew(connection) == 1
        assert both.renew(connection) == 0
        alone = Vault([new])
        alone.check(connection)
        assert alone.get(connection, "provider", "p1", "secret") == TEXT
        assert store.listed(connection)[0].hint == "…1234"


def test_dropping_forgets(database: Database) -> None:
    vault = Vault([new_master_key()])
    with database.write() as connection:
        vault.put(connection, "provider", "p1", "secret", TEXT)
        store.drop(connection, "provider", "p1")
        assert vault.get(connection, "provider", "p1", "secret") is None


def test_short_secrets_are_not_shown_at_all() -> None:
    assert masked("hunter2") == "…"
    assert masked(TEXT) == "…1234"
