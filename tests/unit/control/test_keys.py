import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.control.keys import KeyChange, Keys, check_text
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.vault import Vault
from counterpoint.directory.keytext import digest_of, make_key
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import keys as store
from counterpoint.storage import organisations, settings
from counterpoint.storage.clock import now_micros, to_micros
from counterpoint.storage.database import Database


@pytest.fixture
def keys(database: Database) -> Keys:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "default")
        organisations.add_project(connection, organisation.id, "default")
        organisations.add_project(connection, organisation.id, "other")
    return Keys(database, organisation.id, Vault([new_master_key()]))


def opens(database: Database, text: str, *, later: timedelta = timedelta()) -> str | None:
    """The name of the key that `text` opens."""
    moment = now_micros() + later // timedelta(microseconds=1)
    with database.read() as connection:
        valid = {digest.digest: key.name for digest, key in store.valid_digests(connection, moment)}
    return valid.get(digest_of(text))


def test_a_created_key_opens_and_is_listed_without_its_secret(database: Database, keys: Keys) -> None:
    made = keys.create("ci", models=["mistral/*"])
    assert opens(database, made.text) == "ci"
    (listed,) = keys.list().items
    assert listed == made.key
    assert listed.models == ("mistral/*",)
    assert made.text not in repr(made) + repr(listed)
    assert listed.hint.endswith(made.text[-4:])
    assert len(listed.hint) < 12


def test_no_secret_is_in_the_database(database: Database, keys: Keys) -> None:
    made = keys.create("ci")
    with database.read() as connection:
        rows = [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in ("keys", "key_digests")]
    assert made.key.id in repr(rows)
    assert made.text[3:] not in repr(rows)


def test_an_own_value_can_be_imported_once(database: Database, keys: Keys) -> None:
    keys.create("demo", text="a-fixed-demo-value")
    assert opens(database, "a-fixed-demo-value") == "demo"
    with pytest.raises(Complaint, match="already is, or was, the secret of the key 'demo'"):
        keys.create("again", text="a-fixed-demo-value")


def test_a_key_ends_when_it_expires(database: Database, keys: Keys) -> None:
    made = keys.create("short", expires=datetime.now(UTC) + timedelta(hours=1))
    assert opens(database, made.text) == "short"
    assert opens(database, made.text, later=timedelta(hours=1)) is None


def test_a_key_that_was_never_valid_is_refused(keys: Keys) -> None:
    with pytest.raises(Complaint, match="passed already"):
        keys.create("late", expires=datetime.now(UTC) - timedelta(seconds=1))


def test_a_revoked_key_opens_nothing_and_frees_its_name(database: Database, keys: Keys) -> None:
    made = keys.create("ci")
    assert keys.revoke("ci").revoked_at is not None
    assert opens(database, made.text) is None
    assert keys.revoke(made.key.id).revoked_at is not None
    assert keys.list().items == ()
    assert [row.name for row in keys.list(include_revoked=True).items] == ["ci"]
    assert opens(database, keys.create("ci").text) == "ci"
    with pytest.raises(Complaint, match="revoked, which is for good"):
        keys.rotate(made.key.id)


def test_both_secrets_open_while_a_rotation_lasts(database: Database, keys: Keys) -> None:
    old = keys.create("ci")
    new = keys.rotate("ci", grace=timedelta(hours=2))
    assert new.key.id == old.key.id
    assert new.key.hint.endswith(new.text[-4:])
    assert opens(database, old.text) == opens(database, new.text) == "ci"
    assert opens(database, old.text, later=timedelta(hours=2)) is None
    assert opens(database, new.text, later=timedelta(days=999)) == "ci"


def test_a_second_rotation_does_not_prolong_the_first_secret(database: Database, keys: Keys) -> None:
    first = keys.create("ci")
    keys.rotate("ci", grace=timedelta(hours=1))
    keys.rotate("ci", grace=timedelta(hours=9))
    assert opens(database, first.text, later=timedelta(hours=1)) is None


def test_no_grace_ends_the_old_secret_at_once(database: Database, keys: Keys) -> None:
    old = keys.create("leaked")
    keys.rotate("leaked", grace=timedelta())
    assert opens(database, old.text) is None


def test_pages_show_every_key_once_newest_first(keys: Keys) -> None:
    names = [f"k{number}" for number in range(7)]
    for name in names:
        keys.create(name)
    seen: list[str] = []
    cursor = None
    while True:
        page = keys.list(cursor=cursor, limit=3)
        seen += [row.name for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == names[::-1]


def test_names_are_unique_in_a_project_only(keys: Keys) -> None:
    keys.create("ci")
    keys.create("ci", project="other")
    assert [row.project for row in keys.list(project="other").items] == ["other"]
    with pytest.raises(Complaint, match="already exists"):
        keys.create("ci")


def test_what_is_not_there_is_said(keys: Keys) -> None:
    with pytest.raises(Complaint, match="no key named 'x'") as caught:
        keys.revoke("x")
    assert caught.value.kind == "not_found"
    with pytest.raises(Complaint, match="no project named 'x'"):
        keys.create("k", project="x")


def test_every_change_counts_as_a_revision(database: Database, keys: Keys) -> None:
    def revision() -> int:
        with database.read() as connection:
            return settings.revision(connection)

    seen = [revision()]
    keys.create("ci")
    seen.append(revision())
    keys.rotate("ci")
    seen.append(revision())
    keys.revoke("ci")
    seen.append(revision())
    assert seen == [0, 1, 2, 3]


def test_a_refused_key_is_explained(database: Database, keys: Keys) -> None:
    made = keys.create("ci")
    assert keys.explain(made.text) == ""
    typo = made.text[:-1] + ("0" if made.text[-1] != "0" else "1")
    assert "mistyped" in keys.explain(typo, lang="en")
    assert "faute de frappe" in keys.explain(typo, lang="fr")
    assert "unknown" in keys.explain(make_key(), lang="en")
    keys.rotate("ci", grace=timedelta())
    assert "replaced" in keys.explain(made.text, lang="en")
    keys.revoke("ci")
    assert "revoked on" in keys.explain(made.text, lang="en")


def test_declared_keys_are_read_only(database: Database, keys: Keys) -> None:
    made = keys.create("ops")
    with database.write() as connection:
        store.change(connection, made.key.id, owner="file")
    for change in (keys.revoke, keys.rotate):
        with pytest.raises(Complaint, match="declared in the configuration file"):
            change("ops")


@pytest.mark.parametrize("text", ["short", "with a space in the middle", "accentué-accentué"])
def test_unusable_own_values_are_refused(text: str) -> None:
    with pytest.raises(Complaint):
        check_text(text)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1)))  # noqa: DTZ001 - hypothesis wants it naive
def test_expiry_is_exact(moment: datetime) -> None:
    assert datetime.fromtimestamp(to_micros(moment) // 1_000_000, UTC) == moment.replace(microsecond=0)


def test_a_change_is_counted_and_published_once(database: Database, keys: Keys) -> None:
    made = keys.create("ci")
    with database.read() as connection:
        before = settings.revision(connection)
    changed = keys.change("ci", KeyChange(models=("local/*",)), revision=made.key.revision)
    assert changed.revision == made.key.revision + 1
    assert keys.change("ci", KeyChange(models=("local/*",))) == changed
    with database.read() as connection:
        assert settings.revision(connection) == before + 1
    assert opens(database, made.text) == "ci"


def test_of_edits_at_once_one_is_made(database: Database, keys: Keys) -> None:
    """Each began from the same revision."""
    made = keys.create("ci")
    outcomes: list[str] = []

    def edit(name: str) -> None:
        try:
            outcomes.append(keys.change(made.key.id, KeyChange(name=name), revision=1).name)
        except Complaint as complaint:
            outcomes.append(complaint.kind)

    threads = [threading.Thread(target=edit, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1:] == ["stale"] * 3
    assert keys.find(made.key.id).revision == 2


def test_a_rotation_is_a_change(keys: Keys) -> None:
    made = keys.create("ci")
    assert keys.rotate("ci").key.revision == made.key.revision + 1
