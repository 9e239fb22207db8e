"""The page of figures says what was measured."""

from pathlib import Path

from benchmarks import retrieval
from counterpoint.knowledge.evaluation.measuring import Measured
from counterpoint.knowledge.evaluation.metrics import Figures


def measured(name: str, language: str, ours: float, best: float) -> Measured:
    figures = {
        "default": Figures(ours, 0.9, 0.7),
        "words": Figures(0.5, 0.8, 0.4),
        "vectors": Figures(best, 0.8, 0.5),
        "lancedb": Figures(0.51, 0.8, 0.5),
    }
    return Measured(name, language, 1518, 2000, 505, "e5", figures, 12.0)  # type: ignore[arg-type]


def test_tables_name_the_best_and_the_distance_from_it() -> None:
    told = retrieval.tables([measured("piaf-fr", "fr", 0.8, 0.75), measured("cranfield-en", "en", 0.4, 0.52)])
    assert "| `piaf-fr` | 1,518 | 505 | **80.0** | 50.0 | 75.0 | 51.0 | +5.0 |" in told
    assert "| `cranfield-en` | 1,518 | 505 | 40.0 | 50.0 | **52.0** | 51.0 | -12.0 |" in told
    assert "| **French, average** |" in told
    assert "Not measured yet: `faq-administration-fr`, " in told
    assert "| `piaf-fr` | 90.0 | 70.0 | 80.0 | 40.0 |" in told


def test_a_set_is_kept_in_the_place_of_its_last_figures(tmp_path: Path) -> None:
    path = tmp_path / "results" / "retrieval.json"
    assert retrieval.read(path) == []
    for one in (measured("cranfield-en", "en", 0.1, 0.2), measured("piaf-fr", "fr", 0.3, 0.4)):
        retrieval.keep(one, path)
    again = measured("cranfield-en", "en", 0.5, 0.6)
    retrieval.keep(again, path)
    assert [one.name for one in retrieval.read(path)] == ["piaf-fr", "cranfield-en"]
    assert retrieval.read(path)[1] == again


def test_tables_go_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{retrieval.BEGIN}\nold\n{retrieval.END}\nafter\n", "utf-8")
    retrieval.write([measured("piaf-fr", "fr", 0.8, 0.75)], page)
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "+5.0" in text
