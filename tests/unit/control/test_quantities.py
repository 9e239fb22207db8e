import pytest

from counterpoint.control.quantities import parse_bytes, parse_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        (90, 90),
        (1.5, 1.5),
        ("5m", 300),
        ("1.5h", 5400),
        ("250ms", 0.25),
        ("2 d", 172800),
        ("0", 0),
    ],
)
def test_durations(text: str | float, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512", 512),
        (512, 512),
        ("8GiB", 8 * 1024**3),
        ("4 GB", 4 * 10**9),
        ("1.5k", 1536),
        ("2TiB", 2 * 1024**4),
    ],
)
def test_sizes(text: str | int, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "m", "5x", "-5m", "1e3", "five", -1, "5 m m"])
def test_anything_else_is_no_quantity(text: str | int) -> None:
    assert parse_seconds(text) is None
    assert parse_bytes(text) is None
