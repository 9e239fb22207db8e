import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.control.paging import cursor_to, cut, place_of
from counterpoint.i18n.complaint import Complaint


@given(st.sets(st.text(min_size=1, max_size=8)), st.integers(1, 5), st.booleans())
def test_pages_put_together_are_the_list(names: set[str], limit: int, backwards: bool) -> None:
    items = sorted(names, reverse=backwards)
    found: list[str] = []
    cursor = None
    while True:
        page = cut("names", items, str, cursor=cursor, limit=limit, backwards=backwards)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    assert found == items


@given(st.text(max_size=60))
def test_what_was_made_up_is_no_cursor(text: str) -> None:
    with pytest.raises(Complaint, match="not the cursor"):
        place_of("keys", text)


@given(st.text(min_size=1, alphabet=st.characters(codec="utf-8")))
def test_a_cursor_is_of_one_list(place: str) -> None:
    assert place_of("keys", cursor_to("keys", place)) == place
    assert place_of("keys", None) is None
    with pytest.raises(Complaint):
        place_of("tokens", cursor_to("keys", place))
