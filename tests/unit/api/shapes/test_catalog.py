from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.api.shapes.catalog import micros


@given(st.integers(0, 10**15))
def test_micro_units_as_exact_text(amount: int) -> None:
    text = micros(amount)
    assert text is not None
    assert Decimal(text) * 1_000_000 == amount
    assert "E" not in text


def test_written_as_people_do() -> None:
    assert micros(None) is None
    assert micros(0) == "0"
    assert micros(150_000) == "0.15"
    assert micros(10_000_000) == "10"
