from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from counterpoint.storage.database import Database
from counterpoint.storage.types import Json, Money, pico_sum, plain, to_pico

metadata = MetaData()
amounts = Table("amounts", metadata, Column("id", Integer, primary_key=True), Column("amount", Money))
notes = Table("notes", metadata, Column("id", Integer, primary_key=True), Column("note", Json))

AMOUNTS = st.none() | st.decimals(0, 10**6, places=12, allow_nan=False, allow_infinity=False)


@given(values=st.lists(AMOUNTS, max_size=20))
@example(values=[Decimal("0.1")] * 10)
@example(values=[Decimal(10**6)] * 20 + [Decimal("0.000000000001")])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_are_exact(database: Database, values: list[Decimal | None]) -> None:
    with database.write() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        if values:
            connection.execute(insert(amounts), [{"amount": value} for value in values])
        known = [value for value in values if value is not None]
        assert connection.execute(select(pico_sum(amounts.c.amount))).scalar() == sum(map(to_pico, known))
        stored = connection.execute(select(amounts.c.amount).order_by(amounts.c.id)).scalars().all()
    assert list(stored) == values
    assert all(str(value) == str(plain(value)) for value in stored if value is not None)


def test_a_sum_past_64_bits_is_exact_too(database: Database) -> None:
    """9.2 million units is as much as 64 bits of pico-units hold."""
    with database.write() as connection:
        metadata.create_all(connection)
        connection.execute(insert(amounts), [{"amount": Decimal("9000000.000000000001")}] * 30)
        assert connection.execute(select(pico_sum(amounts.c.amount))).scalar() == 270_000_000 * 10**12 + 30


def test_nothing_is_rounded_in_silence(database: Database) -> None:
    with pytest.raises(ValueError, match="finer than"):
        to_pico(Decimal("0.0000000000001"))


def test_json_comes_back_as_it_was(database: Database) -> None:
    note = {"list": [1, 2.5, None, True], "text": "ünï \u2028 'quoted'", "deep": {"a": {}}}
    with database.write() as connection:
        metadata.create_all(connection)
        connection.execute(insert(notes).values(note=note))
        assert connection.execute(select(notes.c.note)).scalar() == note


@pytest.mark.parametrize(
    ("amount", "text"), [("1.500", "1.5"), ("100", "100"), ("1E+3", "1000"), ("0.000", "0"), ("0E-9", "0")]
)
def test_amounts_are_written_plainly(amount: str, text: str) -> None:
    assert str(plain(Decimal(amount))) == text
