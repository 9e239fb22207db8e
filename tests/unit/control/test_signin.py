from datetime import timedelta

import pytest

from counterpoint.control.accounts import AccountChange, Accounts
from counterpoint.control.beginning import begin
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.signin import SignIn, TooManyAttempts
from counterpoint.control.throttle import MOST_TOGETHER
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database

GOOD = "a short sentence is good"
OTHER = "another sentence, as good"
HERE = "10.0.0.1"


class Rig:
    def __init__(self, database: Database) -> None:
        organisation = begin(database, Vault([new_master_key()])).organisation_id
        self.signin = SignIn(database, organisation)
        self.accounts = Accounts(database, organisation)

    def owner(self) -> str:
        """The session of the owner, who has just made his account."""
        return self.signin.set_up(self.accounts, login="Ada@Example.com", name="Ada", password=GOOD)

    def login(self, session: str | None) -> str | None:
        signed = self.signin.who(session or "")
        return signed.account.login if signed is not None and signed.account is not None else None


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def test_the_first_link_leads_to_the_owners_account_and_ends_there(rig: Rig) -> None:
    token = rig.signin.new_link()
    session = rig.signin.redeem(token)
    assert session is not None
    assert rig.signin.redeem(token) is None
    found = rig.signin.who(session)
    assert found is not None
    assert found.account is None
    assert found.rights == {"me", "setup"}
    assert not rig.signin.is_set_up()
    mine = rig.owner()
    assert rig.signin.is_set_up()
    assert rig.login(mine) == "ada@example.com"
    assert rig.signin.who(session) is None
    with pytest.raises(Complaint, match="made already"):
        rig.owner()


def test_later_links_are_the_owners_or_whose_they_were_made_for(rig: Rig) -> None:
    rig.owner()
    bob = rig.accounts.create(login="bob", name="Bob", role="user", actor="owner")
    assert rig.login(rig.signin.redeem(rig.signin.new_link())) == "ada@example.com"
    older, newer = rig.signin.new_link(bob.id), rig.signin.new_link(bob.id)
    assert rig.signin.redeem(older) is None
    assert rig.login(rig.signin.redeem(newer)) == "bob"
    late = rig.signin.new_link(bob.id)
    rig.accounts.change(bob.id, AccountChange(disabled=True), actor="owner")
    assert rig.signin.redeem(late) is None
    assert rig.signin.redeem(rig.signin.new_link(life=timedelta())) is None


def test_a_password_signs_in_and_nothing_else_does(rig: Rig) -> None:
    rig.owner()
    assert rig.login(rig.signin.sign_in("  ADA@example.com", GOOD, HERE)) == "ada@example.com"
    for login, password in (("ada@example.com", OTHER), ("nobody", GOOD), ("", ""), ("ada@example.com", "")):
        assert rig.signin.sign_in(login, password, HERE) is None


def test_an_account_without_a_password_or_disabled_does_not_sign_in(rig: Rig) -> None:
    rig.owner()
    bob = rig.accounts.create(login="bob", name="Bob", role="user", actor="owner")
    assert rig.signin.sign_in("bob", "", HERE) is None
    eve = rig.accounts.create(login="eve", name="Eve", role="user", password=GOOD, actor="owner")
    session = rig.signin.sign_in("eve", GOOD, HERE)
    rig.accounts.change(eve.id, AccountChange(disabled=True), actor="owner")
    assert rig.login(session) is None
    assert rig.signin.sign_in("eve", GOOD, HERE) is None
    assert bob.password_hash is None


def test_guessing_is_slowed_alike_for_accounts_that_are_not_there(rig: Rig) -> None:
    rig.owner()
    for login in ("ada@example.com", "nobody"):
        for _ in range(MOST_TOGETHER):
            assert rig.signin.sign_in(login, OTHER, HERE) is None
        with pytest.raises(TooManyAttempts) as caught:
            rig.signin.sign_in(login, GOOD, HERE)
        assert caught.value.seconds > 0
    assert rig.signin.sign_in("ada@example.com", GOOD, "10.0.0.2") is not None


def test_changing_the_password_ends_every_other_session(rig: Rig) -> None:
    mine = rig.owner()
    elsewhere = rig.signin.sign_in("ada@example.com", GOOD, HERE)
    with pytest.raises(Complaint, match="current password"):
        rig.signin.change_password(mine, current=OTHER, password=OTHER, address=HERE)
    fresh = rig.signin.change_password(mine, current=GOOD, password=OTHER, address=HERE)
    assert [rig.login(session) for session in (mine, elsewhere, fresh)] == [None, None, "ada@example.com"]
    assert rig.signin.sign_in("ada@example.com", GOOD, HERE) is None
    by_link = rig.signin.redeem(rig.signin.new_link()) or ""
    assert rig.login(rig.signin.change_password(by_link, current=None, password=GOOD, address=HERE))
    with pytest.raises(Complaint, match="signed in"):
        rig.signin.change_password("no session", current=None, password=GOOD, address=HERE)


def test_signing_out_here_and_everywhere(rig: Rig) -> None:
    one, two = rig.owner(), rig.signin.sign_in("ada@example.com", GOOD, HERE)
    signed = rig.signin.who(one)
    rig.signin.end(one)
    assert (rig.login(one), rig.login(two)) == (None, "ada@example.com")
    assert signed is not None
    assert signed.account is not None
    rig.signin.end_all(signed.account.id)
    assert rig.login(two) is None


def test_a_session_ends_by_itself(rig: Rig) -> None:
    rig.owner()
    assert rig.login(rig.signin.sign_in("ada@example.com", GOOD, HERE, life=timedelta())) is None
