"""How well documents are found, from the command line."""

from pathlib import Path

from tests.unit.cli.conftest import Run
from tests.unit.knowledge.evaluation.sets import animals


def test_sets_are_measured_in_every_way(run: Run, tmp_path: Path) -> None:
    zoo, vectors = animals(tmp_path / "zoo"), tmp_path / "vectors"
    done = run("knowledge", "evaluate", str(zoo), "--vectors", str(vectors), "--json")
    assert done.code == 0
    (measured,) = done.json["sets"]
    assert (measured["name"], measured["language"], measured["questions"]) == ("zoo", "en", 2)
    assert set(measured["figures"]) == {"default", "words", "vectors", "lancedb"}
    assert measured["figures"]["default"]["recall"] == 1
    assert done.json["averages"]["en"]["default"] == measured["figures"]["default"]
    assert "zoo: vectors: " in done.err
    kept = next(vectors.iterdir()).read_bytes()
    text = run("knowledge", "evaluate", str(zoo), str(zoo), "--vectors", str(vectors))
    assert text.code == 0
    assert next(vectors.iterdir()).read_bytes() == kept
    assert "LanceDB hybrid" in text.out
    assert "average" in text.out
    assert "4 documents, 4 passages, 2 questions" in text.err


def test_words_alone(run: Run, tmp_path: Path) -> None:
    done = run("knowledge", "evaluate", str(animals(tmp_path)), "--words-only", "--json")
    assert set(done.json["sets"][0]["figures"]) == {"default", "words"}


def test_what_is_no_set_is_said_with_its_line(run: Run, tmp_path: Path) -> None:
    zoo = animals(tmp_path)
    (zoo / "queries.jsonl").write_text('{"_id": "q1"}', "utf-8")
    done = run("knowledge", "evaluate", str(zoo), "--words-only")
    assert done.code == 2
    assert "queries.jsonl, line 1" in done.err
    assert run("knowledge", "evaluate", str(tmp_path / "nowhere")).code == 2
    assert run("knowledge", "evaluate").code == 2
