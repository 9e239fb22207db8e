"""Pairs that clients sign with: renewed with a while for both, sealed, and gone with their key."""

from datetime import timedelta

import pytest

from counterpoint.control.beginning import begin
from counterpoint.control.keypairs import every_pair, has_pair, renew_pair
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.vault import Vault
from counterpoint.storage import secrets
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database


@pytest.fixture
def vault() -> Vault:
    return Vault([new_master_key()])


def test_the_one_before_stays_for_a_while(database: Database, vault: Vault) -> None:
    begin(database, vault)  # the demo key's secret is kept beside, under another name
    with database.write() as connection:
        assert not has_pair(connection, vault, "k")
        first = renew_pair(connection, vault, "k", timedelta(hours=1))
        second = renew_pair(connection, vault, "k", timedelta(hours=1))
        third = renew_pair(connection, vault, "k", timedelta(0))
        now = now_micros()
        assert {pair.access_key for pair in every_pair(connection, vault, now)["k"]} == {third.access_key}
        assert has_pair(connection, vault, "k")
        fourth = renew_pair(connection, vault, "k", timedelta(hours=1))
        kept = every_pair(connection, vault, now)["k"]
        assert [pair.access_key for pair in kept] == [fourth.access_key, third.access_key]
        later = every_pair(connection, vault, now + 2 * 3_600_000_000)["k"]
        assert [pair.access_key for pair in later] == [fourth.access_key]
    assert len({pair.secret for pair in (first, second, third, fourth)}) == 4


def test_what_is_stored_is_sealed(database: Database, vault: Vault) -> None:
    with database.write() as connection:
        pair = renew_pair(connection, vault, "k", timedelta())
        (row,) = secrets.listed(connection, "key")
        assert pair.secret.encode() not in row.ciphertext
        assert pair.secret[-4:] not in row.hint
    assert pair.secret not in repr(pair)
