"""However many losses a caller brings about, and whatever his fields are called, they fit an entry and a header."""

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Loss
from counterpoint.gateway.losses import HEADER_LIMIT, KEPT, LONGEST, bounded, shown

LOSSES = st.builds(
    Loss,
    code=st.text(max_size=30).map("field.{}".format),
    path=st.text(max_size=300),
    severity=st.just("degraded"),
    detail=st.just("the target has no such field"),
)


@given(st.lists(LOSSES, max_size=30).map(tuple))
def test_a_header_shows_what_it_has_room_for_and_counts_the_rest(losses: tuple[Loss, ...]) -> None:
    value = shown(bounded(losses))
    assert len(value) <= HEADER_LIMIT + 20
    assert all(32 <= letter < 127 for letter in value)
    if losses:
        items = value.decode().split(", ")
        more = int(items.pop().removeprefix("more;")) if items[-1].startswith("more;") else 0
        assert value.count(b";degraded;") + more == len(losses)


def test_no_more_is_kept_than_an_entry_has_room_for() -> None:
    plain = Loss("field.x", "messages[0].x", "degraded", "no such field")
    assert bounded((plain, plain)) == (plain, plain)
    long = Loss("field." + "x" * 10_000, "y" * 10_000, "meaning", "z" * 10_000)
    kept = bounded((long,) * (KEPT + 5))
    assert len(kept) == KEPT
    assert {len(kept[0].code), len(kept[0].path), len(kept[0].detail)} == {LONGEST}
    assert kept[0].severity == "meaning"
