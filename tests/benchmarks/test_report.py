"""What a run comes to: ratios within a round, a missed target in plain sight, the page's prose kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import report
from benchmarks.report import Report, targets
from benchmarks.scenarios import Measure


def measures(*cpu: float, beside: float = 0.0, p99: float | None = None) -> list[Measure]:
    return [Measure(100, 1000.0, each, beside, p99, p99) for each in cpu]


def found(**results: dict[str, list[Measure]]) -> Report:
    machine: dict[str, str | int] = {
        "cpu": "one",
        "cores": 2,
        "memory_mb": 1,
        "kernel": "6",
        "load_average": "0",
        "load_average_after": "1",
    }
    return Report(
        command="bench",
        seconds=1,
        rounds=3,
        pinned=True,
        machine=machine,
        versions={"nginx": "1.0"},
        left_out=["litellm is not installed"],
        loads=["small", "rate"],
        results=results,
        memory_start={"counterpoint": 100_000_000},
        memory_end={"counterpoint": 160_000_000},
    )


RUN: dict[str, Any] = {
    "direct": {"rate": measures(0, 0, 0, p99=100.0)},
    "nginx": {"small": measures(10, 20, 10), "rate": measures(10, 10, 10, p99=300.0)},
    "counterpoint": {
        "small": measures(35, 60, 30, beside=10),
        "rate": measures(35, 35, 35, p99=2100.0),
    },
}


def judged(result: Report) -> dict[str, tuple[float | None, str]]:
    return {each.what: (each.value, each.verdict()) for each in targets(result)}


def test_ratios_are_taken_within_a_round() -> None:
    value, verdict = judged(found(**RUN))["CPU per request of 1.1 KB, worker"]
    assert (value, verdict) == (3.0, "reached")  # of 3.5, 3.0 and 3.0


def test_a_missed_target_is_in_plain_sight() -> None:
    result = found(**RUN)
    said = judged(result)
    assert said["CPU per request of 1.1 KB, all processes"] == (4.0, "reached")
    assert said["memory without a local model"] == (160.0, "MISSED")
    assert "MISSED        memory without a local model: 160.00 MB" in report.as_text(result)
    assert "**missed**" in report.as_markdown(result)


def test_added_latency_is_what_exceeds_going_direct() -> None:
    assert judged(found(**RUN))["added p99 at 300 requests a second"] == (2.0, "reached")
    assert "nginx in the same run 0.20 ms" in report.as_text(found(**RUN))


def test_what_was_not_measured_is_not_reached() -> None:
    target = next(each for each in targets(found(**RUN)) if "20 KB" in each.what)
    assert (target.reached, target.verdict()) == (False, "not measured")


def test_what_is_left_out_is_said() -> None:
    assert "left out: litellm is not installed" in report.as_text(found(**RUN))


def test_writing_keeps_the_prose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, latest = tmp_path / "page.md", tmp_path / "results" / "latest.json"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "PAGE", page)
    monkeypatch.setattr(report, "LATEST", latest)
    for _ in range(2):
        assert len(report.write(found(**RUN))) == 2
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert text.count("### Targets") == 1
    assert json.loads(latest.read_text())["results"]["nginx"]["small"][1]["serving_us"] == 20


def test_a_page_without_markers_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("only prose")
    monkeypatch.setattr(report, "PAGE", page)
    with pytest.raises(RuntimeError, match="markers"):
        report.write(found(**RUN))
    assert page.read_text() == "only prose"


def test_what_is_translated_is_judged_by_what_is_passed_through() -> None:
    translating = {"small": measures(70, 120, 90), "burst": measures(640)}
    verdicts = judged(found(**RUN, **{"counterpoint, translating": translating}))
    request = verdicts["CPU per translated request of 1.1 KB and answer of 1 KB, worker"]
    assert request == (2.0, "reached")  # of 2.0, 2.0 and 3.0
    assert verdicts["CPU per event of a translated stream, worker"] == (10.0, "reached")
    assert verdicts["CPU per translated request of 20 KB, worker"] == (None, "not measured")


def test_what_the_commit_takes_is_told_apart() -> None:
    guarded = {
        **RUN,
        "envoy": {"small": measures(100, 100, 100)},
        report.ROUTED: {"small": measures(36, 60, 33)},
        report.LIMITED: {"small": measures(40, 40, 40), "rate": measures(1, 1, 1, p99=3100.0)},
        report.COMMITTED: {
            "small": measures(40, 70, 50, beside=10),
            "rate": measures(1, 1, 1, p99=5100.0),
        },
    }
    told = judged(found(**guarded))
    assert told["CPU per request of 1.1 KB, budgets and limits and commit, worker"] == (4.0, "reached")
    assert told["the same, all processes"] == (5.0, "reached")
    assert told["the same, all processes, to Envoy as a plain proxy"] == (0.6, "reached")
    assert told["added p99 at 300 requests a second, budgets and limits"] == (3.0, "reached")
    (commit,) = [each for each in targets(found(**guarded)) if "with the commit" in each.what]
    assert "2.00 ms" in commit.beside
