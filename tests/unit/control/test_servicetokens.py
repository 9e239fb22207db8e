from datetime import UTC, datetime

import pytest

from counterpoint.control.beginning import begin
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.servicetokens import ServiceTokens
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database


@pytest.fixture
def tokens(database: Database) -> ServiceTokens:
    return ServiceTokens(database, begin(database, Vault([new_master_key()])).organisation_id)


def test_a_token_opens_until_it_is_revoked(tokens: ServiceTokens) -> None:
    made = tokens.create("ci", "maker", actor="owner", made_by="ada")
    assert made.text not in repr(made)
    found = tokens.find_valid(made.text)
    assert found is not None
    assert (found.name, found.role, found.made_by) == ("ci", "maker", "ada")
    assert tokens.find(found.id).used_at is not None
    first = tokens.revoke(found.id, actor="owner")
    assert first.revoked_at == tokens.revoke(found.id, actor="owner").revoked_at
    assert tokens.find_valid(made.text) is None
    assert tokens.list().items == ()
    assert len(tokens.list(include_revoked=True).items) == 1


def test_what_is_refused(tokens: ServiceTokens) -> None:
    tokens.create("ci", "user", actor="admin", made_by="bob")
    with pytest.raises(Complaint, match="already"):
        tokens.create("ci", "user", actor="admin", made_by="bob")
    with pytest.raises(Complaint, match="Ask an owner"):
        tokens.create("more", "owner", actor="admin", made_by="bob")
    with pytest.raises(Complaint, match="passed already"):
        tokens.create("late", "user", actor="owner", made_by="a", expires=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(Complaint, match="no token"):
        tokens.find("absent")


def test_nobody_revokes_what_may_do_more_than_he(tokens: ServiceTokens) -> None:
    made = tokens.create("deploy", "owner", actor="owner", made_by="ada")
    with pytest.raises(Complaint, match="may do more than you"):
        tokens.revoke(made.token.id, actor="admin")
    assert tokens.find_valid(made.text) is not None
