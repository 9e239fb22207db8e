"""The counts that a folder of recordings comes to."""

import json
from pathlib import Path

from counterpoint.testing.checking import BUCKETS
from counterpoint.testing.proving import Report, prove
from tests.unit.testing.cassettes import cassette, index


def test_every_line_of_the_index_is_counted_once(tmp_path: Path) -> None:
    cassette(tmp_path / "good.json")
    (tmp_path / "bad.yaml").write_text("]", "utf-8")
    index(tmp_path, ("good.json", "openai-chat"), ("bad.yaml", "openai-chat"), ("good.json", "smoke-signals"))
    report = prove(tmp_path)
    assert sum(getattr(report.totals, name) for name in BUCKETS) == 3
    assert [(each.file, each.dialect) for each in report.failed] == [("bad.yaml", "openai-chat")]
    assert [each.dialect for each in report.refused] == ["smoke-signals"]
    assert report.dialects["openai-chat"].failed == 1
    assert report.dialects["smoke-signals"].speaks is None


def test_several_processes_come_to_the_same(tmp_path: Path) -> None:
    for number in range(60):
        cassette(tmp_path / f"{number}.json", text=f"Hello {number}")
    (tmp_path / "59.json").write_text("{}", "utf-8")
    told: list[tuple[int, int]] = []
    alone = prove(tmp_path)
    together = prove(tmp_path, jobs=2, progress=lambda done, total: told.append((done, total)))
    assert _timeless(alone) == _timeless(together)
    assert told == [(number, 60) for number in range(1, 61)]
    assert alone.skipped == ["59.json"]


def _timeless(report: Report) -> object:
    report.seconds = 0.0
    return report


def test_losses_are_counted_by_code_and_pair(tmp_path: Path) -> None:
    cassette(tmp_path / "a.json", logit_bias={"1": 1})
    cassette(tmp_path / "b.json", logit_bias={"1": 1})
    report = prove(tmp_path)
    assert report.dialects["openai-chat"].codes["field.logit_bias"] == 2
    pair = report.pairs["openai-chat"]["anthropic-messages"]
    assert (pair.lossy, pair.codes["field.logit_bias"]) == (2, 2)
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))
