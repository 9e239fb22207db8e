from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.canonical import Loss, Usage
from counterpoint.ledger import Attempt, Entry
from counterpoint.ledger.frames import frame, unframe
from tests.entries import ENTRIES, make_entry


@given(st.lists(ENTRIES, max_size=6), st.data())
@settings(max_examples=200)
def test_any_cut_yields_a_prefix_of_the_entries(entries: list[Entry], data: st.DataObject) -> None:
    records = [frame(entry) for entry in entries]
    whole = b"".join(records)
    cut = data.draw(st.integers(0, len(whole)))
    found, taken, rest = unframe(whole[:cut], 100)
    assert found == entries[: len(found)]
    assert taken == sum(len(record) for record in records[: len(found)])
    assert rest == ("none" if taken == cut else "torn")
    if cut == len(whole):
        assert found == entries


@given(st.lists(ENTRIES, min_size=1, max_size=3), st.data())
def test_a_changed_byte_never_yields_a_wrong_entry(entries: list[Entry], data: st.DataObject) -> None:
    whole = bytearray(b"".join(frame(entry) for entry in entries))
    where = data.draw(st.integers(0, len(whole) - 1))
    whole[where] ^= data.draw(st.integers(1, 255))
    found, _, rest = unframe(bytes(whole), 100)
    assert found == entries[: len(found)]
    assert len(found) < len(entries)
    assert rest in ("torn", "damaged")


def test_the_limit_is_kept() -> None:
    entries = [make_entry() for _ in range(5)]
    data = b"".join(frame(entry) for entry in entries)
    found, taken, rest = unframe(data, 2)
    assert found == entries[:2]
    assert rest == "none"
    assert unframe(data[taken:], 9)[0] == entries[2:]


def test_costs_stay_exact() -> None:
    cost = Decimal("0.000000000001")
    assert unframe(frame(make_entry(cost=cost)), 1)[0][0].cost == cost


def test_absurd_claims_of_a_host_are_bounded_not_refused() -> None:
    entry = make_entry(
        usage=Usage(input=10**30, output=-(10**30)),
        requested="half a pair: \ud800",
        cost=Decimal("1.5"),
        attempts=(Attempt("a/b", 200, None, 2**70),),
        losses=(Loss("x", "y", "meaning", "\udfff"),),
    )
    (found,) = unframe(frame(entry), 1)[0]
    assert found.usage.input == 2**63 - 1
    assert found.usage.reported
    assert found.requested == "half a pair: ?"
    assert found.cost == Decimal("1.5")
    assert found.attempts[0].micros == 2**63 - 1
    assert (found.id, found.at) == (entry.id, entry.at)
