import pytest

from counterpoint.cli.progress import Bars, Lines, amount


@pytest.mark.parametrize(
    ("done", "total", "left", "told"),
    [
        (0, None, None, "0 B"),
        (45_000_000, 92_900_000, 12.4, "45.0 MB of 92.9 MB, 12 s left"),
        (45_000_000, 92_900_000, 600.0, "45.0 MB of 92.9 MB, 10 min left"),
        (10, 10, 0.0, "10 B of 10 B"),
        (1, 10, 0.1, "1 B of 10 B, 1 s left"),
    ],
)
def test_how_far_it_is(done: int, total: int | None, left: float | None, told: str) -> None:
    assert amount(done, total, left) == told


def test_a_log_gets_a_line_for_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for done in range(1001):
        lines.update("m", done, 1000, 1.0)
    assert 9 <= len(capsys.readouterr().err.splitlines()) <= 12
    lines.close()
    lines.update("m", 0, 1000, 1.0)
    assert capsys.readouterr().err


def test_a_download_of_unknown_length_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for done in range(100):
        lines.update("m", done, None, None)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_bars_come_and_go(capsys: pytest.CaptureFixture[str]) -> None:
    bars = Bars()
    bars.update("m", 1, 10, 5.0)
    bars.update("m", 10, 10, None)
    bars.close()
    bars.update("n", 1, 10, 5.0)
    bars.close()
    assert capsys.readouterr().out == ""
