"""A short soak: half a minute of load in which everything fails once. `make soak` takes its time."""

from pathlib import Path

from tests.soak.judging import complaints
from tests.soak.soaking import KINDS, Settings, run

SETTINGS = Settings(seconds=27.0, rate=40.0, clients=16, warm=5.0, every=6.0, away=1.5)


def test_nothing_is_lost_leaked_or_slow_while_everything_fails(tmp_path: Path) -> None:
    report = run(tmp_path, SETTINGS)
    told = "\n".join(report.lines())
    # Half a minute proves no flatness: these bounds catch what grows with every call. Nor does it measure speed.
    assert not complaints(report, memory=0.25, slower=1000.0), told
    assert set(report.seen.outcomes) == set(KINDS)
    assert {what for _, what in report.seen.disturbances} == {
        "workers replaced",
        "worker killed",
        "database away",
        "database back",
    }
    assert any(each.name == "control" for each in report.growths), told
