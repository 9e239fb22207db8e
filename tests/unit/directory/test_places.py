"""Groups of countries, and what lies in them."""

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.directory.places import EEA, EU, GROUPS, is_place, members, within

CODES = st.lists(st.sampled_from([*sorted(EEA), "US", "CH", *GROUPS]), max_size=5).map(tuple)


def test_the_groups_are_those_of_the_treaties() -> None:
    assert len(EU) == 27
    assert {"IS", "LI", "NO"} == EEA - EU


def test_a_group_lies_in_what_has_all_its_members() -> None:
    assert within(("EU",), ("EEA",))
    assert not within(("EEA",), ("EU",))
    assert within(("EU",), tuple(EU))
    assert not within(("EU",), tuple(EU - {"FR"}))
    assert within(("FR",), ("EU",))
    assert not within(("GB",), ("EEA",))


def test_nowhere_lies_in_nothing() -> None:
    assert not within((), ("EU", "US"))


@given(CODES, CODES, CODES)
def test_to_allow_more_never_forbids(
    places: tuple[str, ...], allowed: tuple[str, ...], more: tuple[str, ...]
) -> None:
    if within(places, allowed):
        assert within(places, allowed + more)
    assert within(places, places) == bool(places)
    assert members(places) | members(more) == members(places + more)


def test_codes_are_two_capitals_or_a_group() -> None:
    assert is_place("FR")
    assert is_place("EU")
    assert not any(is_place(code) for code in ("fr", "France", "", "F1", "ÉÀ"))
