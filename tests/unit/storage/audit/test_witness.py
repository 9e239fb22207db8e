import contextlib
import json
import threading
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from counterpoint.storage import organisations, rules, settings
from counterpoint.storage.audit import chain, log
from counterpoint.storage.audit.acting import Act, Actor, acting
from counterpoint.storage.audit.tables import audit_entries
from counterpoint.storage.audit.watched import UNWATCHED, WATCHED
from counterpoint.storage.audit.witness import HIDDEN
from counterpoint.storage.database import Database, open_database
from counterpoint.storage.tables import accounts, metadata, projects, sessions


class _SecondThoughtsError(Exception):
    """Whoever acts takes it back."""


ADA = Actor("account", "a1", "Ada")


@pytest.fixture
def organisation(database: Database) -> str:
    with database.write() as connection:
        return organisations.add_organisation(connection, "acme").id


def entries(database: Database, organisation: str) -> list[log.AuditEntry]:
    """Oldest first."""
    with database.read() as connection:
        found = log.page(connection, log.AuditFilter(organisation=organisation), limit=500)
    return found[::-1]


def exported(database: Database, organisation: str) -> list[str]:
    with database.read() as connection:
        return list(log.lines(connection, log.AuditFilter(organisation=organisation)))


def account(**values: Any) -> dict[str, Any]:
    row = {"login": "ada", "name": "Ada", "role": "owner", "created_at": 1, "revision": 1}
    return {**row, **values}


def test_every_table_is_watched_or_has_a_reason_not_to_be() -> None:
    assert {*WATCHED, *UNWATCHED} >= set(metadata.tables)
    assert not {*WATCHED} & {*UNWATCHED}


def test_an_act_says_who_did_what_from_where_and_what_it_was_before(
    database: Database, organisation: str
) -> None:
    with acting(Act(ADA, "POST /accounts", "10.0.0.1")) as act, database.write() as connection:
        connection.execute(
            insert(accounts).values(id="x", organisation_id=organisation, **account(password_hash="h1"))
        )
    assert act.noted == 1
    with acting(Act(ADA, "PATCH /accounts", "10.0.0.1")), database.write() as connection:
        changed = update(accounts).where(accounts.c.login == "ada")
        connection.execute(changed.values(role="user", password_hash="h2", revision=2))
    with acting(Act(ADA, "DELETE /accounts", "10.0.0.1")), database.write() as connection:
        connection.execute(delete(accounts))
    began, made, edited, removed = entries(database, organisation)
    assert (began.actor["kind"], began.changes[0].what) == ("system", "organisation")
    assert (made.actor, made.origin, made.action) == (
        {"kind": "account", "id": "a1", "name": "Ada"},
        "10.0.0.1",
        "POST /accounts",
    )
    (change,) = made.changes
    assert (change.what, change.name, change.before) == ("account", "ada", None)
    assert change.after is not None
    assert change.after["role"] == "owner"
    assert change.after["password_hash"] == HIDDEN
    (change,) = edited.changes
    assert change.before == {"role": "owner", "password_hash": HIDDEN}
    assert change.after == {"role": "user", "password_hash": HIDDEN}
    (change,) = removed.changes
    assert change.before is not None
    assert change.after is None
    assert [entry.sequence for entry in entries(database, organisation)] == [1, 2, 3, 4]
    assert chain.verify(exported(database, organisation)).broken is None


def test_what_is_taken_back_written_anew_or_mere_upkeep_is_no_act(
    database: Database, organisation: str
) -> None:
    with database.write() as connection:
        rules.replace(connection, organisation, "alias", "file", [("a", "b"), ("c", "d")])
        row = account(id="x", organisation_id=organisation)
        connection.execute(insert(accounts), [row])
        for digest, ends in ((b"1", 1), (b"2", 2**60)):
            values = {"by_link": False, "created_at": 0, "used_at": 0, "expires_at": ends}
            connection.execute(insert(sessions).values(digest=digest.rjust(32), account_id="x", **values))
    count = len(entries(database, organisation))
    with database.write() as connection:
        rules.replace(connection, organisation, "alias", "file", [("a", "b"), ("c", "d")])
        connection.execute(update(accounts).values(signed_in_at=7))
        connection.execute(delete(sessions).where(sessions.c.expires_at < 5))
        settings.bump(connection)
    with contextlib.suppress(_SecondThoughtsError), database.write() as connection:
        connection.execute(delete(sessions))
        raise _SecondThoughtsError
    assert len(entries(database, organisation)) == count
    with database.write() as connection:
        rules.replace(connection, organisation, "alias", "file", [("a", "b"), ("c", "e")])
        connection.execute(delete(sessions))
    last = entries(database, organisation)[-1]
    assert [change.what for change in last.changes] == ["rule", "session"]
    assert (last.changes[0].before, last.changes[0].after) == ({"target": "d"}, {"target": "e"})


def test_several_rows_of_one_statement_are_all_seen(database: Database, organisation: str) -> None:
    rows = [
        {"id": f"p{number}", "organisation_id": organisation, "name": f"n{number}", "created_at": 0}
        for number in range(3)
    ]
    with database.write() as connection:
        connection.execute(insert(projects).values(rows))
    with database.write() as connection:
        connection.execute(update(projects).where(projects.c.name != "n0").values(created_at=1))
    made, changed = entries(database, organisation)[-2:]
    assert {change.id for change in made.changes} == {"p0", "p1", "p2"}
    assert {change.id for change in changed.changes} == {"p1", "p2"}


def test_numbers_have_no_gaps_however_many_act_at_once(
    database: Database, database_url: str, organisation: str
) -> None:
    def act(number: int) -> None:
        own = open_database(database_url)
        for step in range(5):
            with own.write() as connection:
                settings.put(connection, f"s{number}", step)
            with contextlib.suppress(_SecondThoughtsError), own.write() as connection:
                settings.put(connection, f"s{number}", "never")
                raise _SecondThoughtsError
        own.close()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.sequence for entry in entries(database, organisation)] == list(range(1, 22))
    assert chain.verify(exported(database, organisation)).entries == 21


def test_the_database_itself_refuses_to_change_an_entry(database: Database, organisation: str) -> None:
    for statement in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError, match="never changed"), database.write() as connection:
            connection.execute(text(statement))
    with database.read() as connection:
        assert json.loads(connection.execute(select(audit_entries.c.body)).scalar_one())["sequence"] == 1


def test_the_newest_place_is_told_once_it_is_committed(database: Database, organisation: str) -> None:
    places: list[chain.Anchor] = []
    database.anchor = places.append
    with database.write() as connection:
        settings.put(connection, "x", 1)
        assert places == []
    assert [(place.organisation, place.sequence) for place in places] == [(organisation, 2)]
    with database.read() as connection:
        assert log.heads(connection) == places
