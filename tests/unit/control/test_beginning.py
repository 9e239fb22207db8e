from datetime import timedelta

import pytest

from counterpoint.control.beginning import begin
from counterpoint.control.keys import Keys
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.vault import Vault
from counterpoint.directory.keytext import digest_of, has_our_form
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import keys as store
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database

GIVEN = "a-demo-key-from-outside"
OTHER = "another-demo-key-from-outside"


@pytest.fixture
def vault() -> Vault:
    return Vault([new_master_key()])


def opens(database: Database, text: str | None) -> bool:
    assert text is not None
    with database.read() as connection:
        valid = store.valid_digests(connection, now_micros())
    return any(digest.digest == digest_of(text) for digest, _ in valid)


def test_the_first_start_makes_a_key_and_later_ones_show_it(database: Database, vault: Vault) -> None:
    first = begin(database, vault)
    again = begin(database, vault)
    assert first.demo_key is not None
    assert has_our_form(first.demo_key)
    assert opens(database, first.demo_key)
    assert (first.first, again.first) == (True, False)
    assert again.demo_key == first.demo_key
    assert again.organisation_id == first.organisation_id
    assert first.demo_key not in repr(first)


def test_a_revoked_demo_key_does_not_come_back(database: Database, vault: Vault) -> None:
    made = begin(database, vault)
    Keys(database, made.organisation_id, vault).revoke("demo")
    assert begin(database, vault).demo_key is None
    assert not opens(database, made.demo_key)


def test_a_rotated_demo_key_is_no_longer_shown(database: Database, vault: Vault) -> None:
    made = begin(database, vault)
    rotated = Keys(database, made.organisation_id, vault).rotate("demo", grace=timedelta(hours=1))
    assert begin(database, vault).demo_key is None
    assert opens(database, rotated.text)


def test_the_environment_may_give_the_key_and_change_it(database: Database, vault: Vault) -> None:
    made = begin(database, vault, demo_key=GIVEN)
    assert made.demo_key == GIVEN
    assert opens(database, GIVEN)
    assert begin(database, vault, demo_key=GIVEN).demo_key == GIVEN
    assert begin(database, vault, demo_key=OTHER).demo_key == OTHER
    assert opens(database, OTHER)
    assert not opens(database, GIVEN)
    with pytest.raises(Complaint, match="COUNTERPOINT_DEMO_KEY"):
        Keys(database, made.organisation_id, vault).revoke("demo")


def test_a_key_that_the_first_start_made_is_taken_over(database: Database, vault: Vault) -> None:
    made = begin(database, vault)
    assert begin(database, vault, demo_key=GIVEN).demo_key == GIVEN
    assert opens(database, GIVEN)
    assert not opens(database, made.demo_key)


def test_when_the_environment_stops_giving_it_its_value_ends(database: Database, vault: Vault) -> None:
    begin(database, vault, demo_key=GIVEN)
    after = begin(database, vault)
    assert after.demo_key != GIVEN
    assert opens(database, after.demo_key)
    assert not opens(database, GIVEN)


@pytest.mark.parametrize("environment", [None, OTHER])
def test_commands_beside_the_platform_leave_its_key_alone(
    database: Database, vault: Vault, environment: str | None
) -> None:
    begin(database, vault, demo_key=GIVEN)
    begin(database, vault, demo_key=environment, starting=False)
    assert opens(database, GIVEN)
    assert begin(database, vault, demo_key=GIVEN).demo_key == GIVEN


def test_a_persons_own_key_of_that_name_is_not_taken_over(database: Database, vault: Vault) -> None:
    made = begin(database, vault)
    keys = Keys(database, made.organisation_id, vault)
    keys.revoke("demo")
    keys.create("demo")
    with pytest.raises(Complaint, match="each object has one owner"):
        begin(database, vault, demo_key=GIVEN)


def test_a_value_that_another_key_has_is_refused(database: Database, vault: Vault) -> None:
    made = begin(database, vault)
    Keys(database, made.organisation_id, vault).create("ci", text=GIVEN)
    with pytest.raises(Complaint, match="secret of the key 'ci'"):
        begin(database, vault, demo_key=GIVEN)


def test_a_useless_value_is_refused(database: Database, vault: Vault) -> None:
    with pytest.raises(Complaint, match=r"COUNTERPOINT_DEMO_KEY: .*at least 16"):
        begin(database, vault, demo_key="short")


def test_another_master_key_stops_the_start(database: Database, vault: Vault) -> None:
    begin(database, vault)
    with pytest.raises(Complaint, match="master key"):
        begin(database, Vault([new_master_key()]))
