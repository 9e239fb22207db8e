from hypothesis import given
from hypothesis import strategies as st

from counterpoint.storage.portions import portions


@given(st.lists(st.integers()), st.integers(1, 5))
def test_all_of_them_in_their_order(values: list[int], most: int) -> None:
    parts = list(portions(values, most))
    assert [each for part in parts for each in part] == values
    assert all(1 <= len(part) <= most for part in parts)
