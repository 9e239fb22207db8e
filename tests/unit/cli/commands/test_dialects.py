"""The proof on recordings of one's own, and the matrix, from the command line."""

from pathlib import Path

from tests.unit.cli.conftest import Run
from tests.unit.testing.cassettes import cassette, index


def test_good_recordings_are_proven(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cassettes"
    folder.mkdir()
    cassette(folder / "a.json")
    done = run("dialects", "check", str(folder), "--json", "--jobs", "1")
    assert done.code == 0
    totals = done.json["totals"]
    assert set(totals) == {"exact", "lossy", "refused", "failed"}
    assert sum(totals.values()) == 1
    counts = done.json["dialects"]["openai-chat"]
    assert {"exact", "lossy", "refused", "failed", "codes"} <= set(counts)
    assert done.json["failed"] == []
    assert "1 of 1 files" in done.err
    text = run("dialects", "check", str(folder), "--jobs", "1")
    assert "openai-chat" in text.out
    assert "Nothing changed silently in 1 exchanges." in text.err


def test_a_damaged_file_fails_by_name(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cassettes"
    folder.mkdir()
    (folder / "bad.yaml").write_text("[", "utf-8")
    index(folder, ("bad.yaml", "openai-chat"), ("bad.yaml", "unheard-of"))
    done = run("dialects", "check", str(folder), "--json")
    assert done.code == 1
    assert [(each["file"], each["interaction"]) for each in done.json["failed"]] == [("bad.yaml", 0)] * 2
    shown = run("dialects", "check", str(folder))
    assert "bad.yaml#0 (openai-chat)" in shown.out


def test_an_empty_folder_says_so(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    assert "no recorded exchanges" in run("dialects", "check", str(folder)).err
    assert run("dialects", "check", str(tmp_path / "nowhere")).code == 2


def test_the_matrix_for_one_pair(run: Run) -> None:
    done = run("dialects", "matrix", "--client", "openai-chat", "--upstream", "anthropic-messages")
    assert done.code == 0
    assert "Clients of openai-chat" in done.out
    assert "parallel_tools" in done.out
    assert "lossy: seed" in done.out
    asked = run("dialects", "matrix", "--client", "openai-chat", "--upstream", "anthropic-messages", "--json")
    assert asked.json["cells"]["openai-chat"]["anthropic-messages"]["seed"]["codes"] == ["seed"]
    assert "| seed |" in run("dialects", "matrix", "--client", "openai-chat", "--markdown").out


def test_an_unknown_dialect_gets_the_names(run: Run) -> None:
    done = run("dialects", "matrix", "--client", "pigeon", lang="fr")
    assert done.code == 3
    assert "openai-chat" in done.err
