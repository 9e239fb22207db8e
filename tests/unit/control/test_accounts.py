import pytest

from counterpoint.control.accounts import AccountChange, Accounts, check_login
from counterpoint.control.beginning import begin
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database

GOOD = "a short sentence is good"


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database, begin(database, Vault([new_master_key()])).organisation_id)


def test_an_admin_manages_everybody_but_owners(accounts: Accounts) -> None:
    owner = accounts.create_first(login="ada", name="Ada", password=GOOD)
    bob = accounts.create(login="bob", name="Bob", role="user", actor="admin")
    assert accounts.change(bob.id, AccountChange(role="admin"), actor="admin").role == "admin"
    for attempt in (
        lambda: accounts.create(login="eve", name="Eve", role="owner", actor="admin"),
        lambda: accounts.change(bob.id, AccountChange(role="owner"), actor="admin"),
        lambda: accounts.change(owner.id, AccountChange(disabled=True), actor="admin"),
        lambda: accounts.managed(owner.id, actor="admin"),
        lambda: accounts.remove(owner.id, actor="admin"),
    ):
        with pytest.raises(Complaint, match="Ask an owner") as caught:
            attempt()
        assert caught.value.kind == "denied"


def test_there_is_always_an_owner(accounts: Accounts) -> None:
    owner = accounts.create_first(login="ada", name="Ada", password=GOOD)
    for attempt in (
        lambda: accounts.change(owner.id, AccountChange(role="user"), actor="owner"),
        lambda: accounts.change(owner.id, AccountChange(disabled=True), actor="owner"),
        lambda: accounts.remove(owner.id, actor="owner"),
    ):
        with pytest.raises(Complaint, match="last owner"):
            attempt()
    accounts.create(login="bob", name="Bob", role="owner", actor="owner")
    accounts.remove(owner.id, actor="owner")
    with pytest.raises(Complaint, match="no account"):
        accounts.find(owner.id)


def test_an_edit_of_what_has_changed_is_refused(accounts: Accounts) -> None:
    ada = accounts.create_first(login="ada", name="Ada", password=GOOD)
    changed = accounts.change(ada.id, AccountChange(name="Ada L."), actor="owner", revision=ada.revision)
    assert (changed.name, changed.revision) == ("Ada L.", ada.revision + 1)
    with pytest.raises(Complaint) as caught:
        accounts.change(ada.id, AccountChange(name="A."), actor="owner", revision=ada.revision)
    assert caught.value.kind == "stale"


def test_pages_and_filters(accounts: Accounts) -> None:
    accounts.create_first(login="ada", name="Ada", password=GOOD)
    for number in range(3):
        accounts.create(login=f"user{number}", name="Bob", role="user", actor="owner")
    first = accounts.list(limit=2)
    rest = accounts.list(limit=2, cursor=first.next)
    assert [row.login for row in first.items + rest.items] == ["user2", "user1", "user0", "ada"]
    assert rest.next is None
    assert [row.login for row in accounts.list(role="owner").items] == ["ada"]
    assert [row.login for row in accounts.list(words="ser1").items] == ["user1"]


@pytest.mark.parametrize("login", ["", "a", "a b", "x" * 101, "a\tb"])
def test_unusable_logins(login: str) -> None:
    with pytest.raises(Complaint, match="cannot be a login"):
        check_login(login)


def test_a_login_is_taken_whatever_its_capitals(accounts: Accounts) -> None:
    accounts.create_first(login="ada", name="Ada", password=GOOD)
    with pytest.raises(Complaint, match="already"):
        accounts.create(login="ADA ", name="Ada", role="user", actor="owner")
