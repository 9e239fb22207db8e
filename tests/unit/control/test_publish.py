from datetime import UTC, datetime, timedelta

import pytest

from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.keys import Keys
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.publish import build_directory, current_revision
from counterpoint.control.vault import Vault
from counterpoint.directory import Host, Offering, Rules
from counterpoint.directory.keytext import digest_of, digest_of_pair
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import accounts, organisations
from counterpoint.storage import rules as rule_store
from counterpoint.storage.database import Database

VAULT = Vault([new_master_key()])


@pytest.fixture
def begun(database: Database) -> Beginning:
    return begin(database, VAULT)


def test_a_key_is_found_by_its_digest_with_all_that_a_worker_checks(
    database: Database, begun: Beginning
) -> None:
    keys = Keys(database, begun.organisation_id, VAULT)
    expires = datetime(2100, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)
    made = keys.create("ci", models=["mistral/*"], expires=expires)
    key = build_directory(database, begun.organisation_id).keys[digest_of(made.text)]
    assert (key.id, key.name, key.models) == (made.key.id, "ci", ("mistral/*",))
    assert (key.organisation, key.project) == (begun.organisation_id, begun.project_id)
    assert key.expires == expires.timestamp()


def test_a_replaced_secret_expires_before_its_key(database: Database, begun: Beginning) -> None:
    keys = Keys(database, begun.organisation_id, VAULT)
    old = keys.create("ci", expires=datetime.now(UTC) + timedelta(days=9))
    new = keys.rotate("ci", grace=timedelta(hours=1))
    published = build_directory(database, begun.organisation_id).keys
    old_end, new_end = published[digest_of(old.text)].expires, published[digest_of(new.text)].expires
    assert old_end is not None
    assert new_end is not None
    assert new_end - old_end > 7 * 86400


def test_a_pair_signs_for_its_key_as_long_as_both_are_good(database: Database, begun: Beginning) -> None:
    keys = Keys(database, begun.organisation_id, VAULT)
    pair = keys.create("ci", models=["a/*"], paired=True).pair
    assert pair is not None
    found = build_directory(database, begun.organisation_id, vault=VAULT).keys[
        digest_of_pair(pair.access_key)
    ]
    assert (found.name, found.models, found.pair_secret) == ("ci", ("a/*",), pair.secret)
    newer = keys.pair("ci", grace=timedelta(hours=1)).pair
    published = build_directory(database, begun.organisation_id, vault=VAULT).keys
    assert published[digest_of_pair(pair.access_key)].expires is not None
    assert published[digest_of_pair(newer.access_key)].expires is None
    later = datetime.now(UTC) + timedelta(hours=2)
    then = build_directory(database, begun.organisation_id, vault=VAULT, when=later).keys
    assert digest_of_pair(pair.access_key) not in then
    keys.revoke("ci")
    gone = build_directory(database, begun.organisation_id, vault=VAULT).keys
    assert digest_of_pair(newer.access_key) not in gone


def test_revoked_and_expired_keys_are_not_published(database: Database, begun: Beginning) -> None:
    keys = Keys(database, begun.organisation_id, VAULT)
    gone = keys.create("gone")
    soon = keys.create("soon", expires=datetime.now(UTC) + timedelta(hours=1))
    keys.revoke("gone")
    later = build_directory(database, begun.organisation_id, when=datetime.now(UTC) + timedelta(hours=2))
    assert digest_of(gone.text) not in later.keys
    assert digest_of(soon.text) not in later.keys
    assert len(later.keys) == 1


def test_rules_of_the_file_come_first(database: Database, begun: Beginning) -> None:
    organisation = begun.organisation_id
    with database.write() as connection:
        rule_store.replace(connection, organisation, "alias", "studio", [("gpt-*", "fast"), ("x", "y")])
        rule_store.replace(connection, organisation, "alias", "file", [("fast", "local/small")])
        rule_store.replace(connection, organisation, "prefer", "studio", [("a", ""), ("b", "")])
        rule_store.replace(connection, organisation, "prefer", "file", [("b", "")])
    assert build_directory(database, organisation).rules == Rules(
        aliases=(("fast", "local/small"), ("gpt-*", "fast"), ("x", "y")), prefer=("b", "a")
    )


def test_hosts_and_offerings_are_passed_on(database: Database, begun: Beginning) -> None:
    host, offering = Host("local"), Offering("local", "m", "m")
    directory = build_directory(database, begun.organisation_id, hosts=[host], offerings=[offering])
    assert directory.hosts == {"local": host}
    assert directory.offerings == (offering,)


def test_the_revision_moves_with_what_workers_must_know(database: Database, begun: Beginning) -> None:
    before = current_revision(database)
    assert build_directory(database, begun.organisation_id).revision == before
    Keys(database, begun.organisation_id, VAULT).create("ci")
    assert current_revision(database) == before + 1


def test_a_key_for_one_person_is_published_as_his(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "Acme").id
        organisations.add_project(connection, organisation, "default")
        account = accounts.add(
            connection,
            organisation_id=organisation,
            login="ada",
            name="Ada",
            role="member",
            password_hash=None,
        )
    keys = Keys(database, organisation, VAULT)
    made = keys.create("notebook", user="Ada")
    keys.create("shared")
    published = build_directory(database, organisation).keys
    assert published[digest_of(made.text)].user == account.id
    assert sorted(bool(key.user) for key in published.values()) == [False, True]
    with pytest.raises(Complaint, match="nobody"):
        keys.create("other", user="nobody")
