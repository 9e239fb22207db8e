"""What a histogram says is what the values say, on both databases, within the error that is promised."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, MetaData, Table, insert, select

from counterpoint.storage import latencies
from counterpoint.storage.database import Database
from counterpoint.storage.latencies import BOUNDS, ERROR, Latencies, latency_count, latency_sum

metadata = MetaData()
measured = Table("measured", metadata, Column("micros", BigInteger), Column("histogram", Latencies))
COUNTS = st.dictionaries(st.integers(0, len(BOUNDS)), st.integers(1, 10**10), max_size=6)


@given(
    values=st.lists(st.integers(0, BOUNDS[-1]), min_size=1, max_size=40), share=st.sampled_from([0.5, 0.95])
)
def test_an_estimate_is_near_the_exact_percentile(values: list[int], share: float) -> None:
    exact = sorted(values)[math.ceil(share * len(values)) - 1]
    (estimate,) = latencies.percentiles(latencies.counted(values), [share])
    assert estimate is not None
    if exact < BOUNDS[0]:
        assert 0 <= estimate <= BOUNDS[0]
    else:
        assert abs(estimate - exact) <= ERROR * exact


def test_nothing_has_no_percentile_and_the_slowest_are_at_least_as_slow() -> None:
    assert latencies.percentiles({}, [0.5, 0.95]) == [None, None]
    assert latencies.percentiles(latencies.counted([10**12]), [0.95]) == [BOUNDS[-1]]


def test_many_values_are_told_apart_within_a_bucket() -> None:
    values = range(100_000, 1_000_000, 100)
    (estimate,) = latencies.percentiles(latencies.counted(values), [0.5])
    assert estimate == pytest.approx(550_000, rel=0.01)


@given(counts=COUNTS, dialect=st.sampled_from(["sqlite", "postgresql"]))
def test_a_histogram_comes_back_as_it_was(counts: dict[int, int], dialect: str) -> None:
    number = latencies.loaded(latencies.stored(counts, dialect))
    assert number == latencies.joined(counts, dialect)
    assert latencies.split(number, dialect) == counts


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.none() | st.integers(0, 10**12), min_size=1, max_size=12), more=COUNTS)
def test_databases_count_and_add_alike(
    database: Database, values: list[int | None], more: dict[int, int]
) -> None:
    dialect = database.engine.dialect.name
    known = latencies.counted(value for value in values if value is not None)
    with database.write() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        histograms = [latencies.stored(counts, dialect) for counts in (known, more)]
        connection.execute(
            insert(measured), [{"micros": value, "histogram": histograms[0]} for value in values]
        )
        counted = connection.execute(select(latency_count(measured.c.micros))).scalar()
        assert latencies.split(latencies.loaded(counted), dialect) == known
        connection.execute(measured.delete())
        connection.execute(insert(measured), [{"histogram": each} for each in histograms])
        total = connection.execute(select(latency_sum(measured.c.histogram))).scalar()
    assert latencies.split(latencies.loaded(total), dialect) == latencies.added([known, more])
