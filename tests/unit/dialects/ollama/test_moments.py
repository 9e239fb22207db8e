"""Moments as the API writes them."""

import pytest

from counterpoint.dialects.ollama.moments import moment_of, seconds_of


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2026-08-07T06:08:09.335586Z", 1786082889),
        ("2025-05-07T01:16:23.653756921Z", 1746580583),
        ("2025-02-20T18:55:09-08:00", 1740106509),
        ("2026-08-07T06:08:09", 1786082889),
        ("soon", None),
        (None, None),
    ],
)
def test_they_are_read(written: str | None, seconds: int | None) -> None:
    assert seconds_of(written) == seconds


def test_they_are_written() -> None:
    assert moment_of(1786082889.25) == "2026-08-07T06:08:09.250000Z"
    assert moment_of(1e300).startswith("1970-01-01T00:00:00.0")
