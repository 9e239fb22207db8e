from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from counterpoint.canonical import Loss, Usage
from counterpoint.ledger import Attempt, Entry
from counterpoint.limits import Charge
from counterpoint.storage import ledger
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.ledger import SpoolMovedError
from counterpoint.storage.tables import ledger_entries
from tests.entries import make_entry

FULL = make_entry(
    organisation="o",
    project="p",
    key="k",
    requested="gpt-5",
    offering="host/gpt-5",
    host="host",
    model="gpt-5",
    maker="maker",
    upstream_dialect="openai-chat",
    stream=True,
    status=200,
    finish="stop",
    usage=Usage(*range(1, 17)),
    cost=Decimal("0.000123456789"),
    currency="EUR",
    first_event_micros=10,
    total_micros=20,
    attempts=(Attempt("host/gpt-5", 200, None, 19),),
    losses=(Loss("image.detail", "messages[0]", "degraded", "left out"),),
    request_bytes=5,
    response_bytes=6,
    user="u",
    route="careful",
    purpose="judge",
    parent="the-call",
    trace="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    charges=(Charge("limit", "lease", 1_700_000_000_000_000, 7),),
)

INTEGERS = st.integers(-(2**63), 2**64 - 1)
ANY_ENTRY = st.builds(
    Entry,
    id=st.text(min_size=1),
    at=INTEGERS,
    operation=st.text(),
    client_dialect=st.text(),
    requested=st.text(),
    status=INTEGERS,
    failure=st.none() | st.text(),
    usage=st.builds(Usage, input=INTEGERS, web_searches=INTEGERS, reported=st.booleans()),
    cost=st.none() | st.decimals(),
    currency=st.text(),
    attempts=st.lists(
        st.builds(Attempt, offering=st.text(), status=INTEGERS, micros=INTEGERS), max_size=2
    ).map(tuple),
    losses=st.lists(st.builds(Loss, st.text(), st.text(), st.just("meaning"), st.text()), max_size=2).map(
        tuple
    ),
)


def test_every_field_is_kept(database: Database) -> None:
    with database.write() as connection:
        ledger.add_entries(connection, [FULL])
        row = connection.execute(select(ledger_entries)).mappings().one()
    assert row["cost"] == Decimal("0.000123456789")
    assert [row[name] for name in ledger.TOKEN_CLASSES] == list(range(1, 12))
    assert [row[name] for name in ledger.COUNTED] == list(range(12, 17))
    assert row["attempts"] == [{"offering": "host/gpt-5", "status": 200, "micros": 19}]
    assert row["losses"][0]["code"] == "image.detail"
    for name in ("id", "at", "requested", "stream", "status", "finish", "currency", "total_micros"):
        assert row[name] == getattr(FULL, name)


def test_an_entry_comes_back_as_it_was(database: Database) -> None:
    bare = make_entry(usage=Usage(reported=False))
    with database.write() as connection:
        ledger.add_entries(connection, [FULL, bare])
        rows = connection.execute(select(ledger_entries))
        assert {row.id: ledger.row_entry(row) for row in rows} == {FULL.id: FULL, bare.id: bare}


def test_every_token_class_has_a_column() -> None:
    assert {*ledger.TOKEN_CLASSES, *ledger.COUNTED, "reported"} == set(Usage.__struct_fields__)


def test_the_same_entry_twice_is_there_once(database: Database) -> None:
    with database.write() as connection:
        ledger.add_entries(connection, [FULL, FULL, make_entry()])
        ledger.add_entries(connection, [FULL])
        assert len(connection.execute(select(ledger_entries.c.id)).all()) == 2


@given(entry=ANY_ENTRY)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_entry_is_ever_refused(database: Database, entry: Entry) -> None:
    with database.write() as connection:
        connection.execute(delete(ledger_entries))
        ledger.add_entries(connection, [entry])
        row = connection.execute(select(ledger_entries)).one()
    assert row.id == entry.id.replace("\0", "\ufffd")


def test_progress_moves_on_from_where_it_stood(database: Database) -> None:
    with database.write() as connection:
        ledger.advance(connection, "f", 0, 100)
        ledger.advance(connection, "f", 100, 250)
        ledger.advance(connection, "g", 0, 8)
        assert ledger.progress(connection) == {"f": 250, "g": 8}
        with pytest.raises(SpoolMovedError):
            ledger.advance(connection, "f", 100, 300)
        ledger.forget(connection, "f")
        assert ledger.progress(connection) == {"g": 8}
        assert ledger.forget_before(connection, now_micros() + 1) == 1
