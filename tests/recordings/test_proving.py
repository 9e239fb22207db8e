"""The proof as users run it, on everything recorded."""

from pathlib import Path

import pytest

from counterpoint.testing.checking import BUCKETS
from counterpoint.testing.deducing import by_address
from counterpoint.testing.folders import INDEX, LONE_INDEX
from counterpoint.testing.proving import Report, prove
from counterpoint.testing.recordings import rows


@pytest.fixture(scope="module")
def report(shared: Path) -> Report:
    return prove(shared / "data" / "provider-recordings", jobs=2)


def test_every_line_of_the_indexes_is_in_exactly_one_count(shared: Path, report: Report) -> None:
    folder = shared / "data" / "provider-recordings"
    lines = sum(len((folder / name).read_bytes().splitlines()) for name in (INDEX, LONE_INDEX))
    assert sum(getattr(report.totals, bucket) for bucket in BUCKETS) == lines
    for bucket in BUCKETS:
        of_dialects = sum(getattr(counts, bucket) for counts in report.dialects.values())
        assert getattr(report.totals, bucket) == of_dialects
    assert report.totals.failed == len(report.failed)
    assert report.totals.refused == len(report.refused)
    assert all(each.reason for each in (*report.failed, *report.refused))


def test_all_that_is_spoken_is_exact_or_declared(report: Report) -> None:
    spoken = [counts for counts in report.dialects.values() if counts.speaks is not None]
    assert sum(counts.exact + counts.lossy for counts in spoken) > 4000
    assert [(each.file, each.interaction, each.reason) for each in report.failed] == []


def test_an_address_never_tells_another_dialect_than_the_index(shared: Path) -> None:
    for row in rows(shared / "data" / "provider-recordings"):
        assert by_address(f"https://{row.host}{row.endpoint}") in {None, row.dialect}, row.name
