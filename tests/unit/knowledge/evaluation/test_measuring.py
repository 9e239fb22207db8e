from pathlib import Path

from counterpoint.knowledge.evaluation.measuring import Measured, averages, measure
from counterpoint.knowledge.evaluation.metrics import Figures
from tests.unit.knowledge.evaluation.embedders import WordEmbedder
from tests.unit.knowledge.evaluation.sets import ANIMALS, animals, beir_set


def test_an_easy_set_is_found_in_every_way(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    measured = measure(
        animals(tmp_path / "zoo"), WordEmbedder(), lambda done, total: told.append((done, total))
    )
    assert (measured.documents, measured.passages, measured.questions) == (4, 4, 2)
    assert (measured.language, measured.model) == ("en", "words")
    assert list(measured.figures) == ["default", "words", "vectors", "lancedb"]
    for way, figures in measured.figures.items():
        assert figures.recall == 1, way
        assert figures.mrr == 1, way
    assert told == [(1, 2), (2, 2)]


def test_words_alone_need_no_model(tmp_path: Path) -> None:
    measured = measure(animals(tmp_path), None)
    assert set(measured.figures) == {"default", "words"}
    assert measured.model == ""


def test_the_same_text_counts_wherever_it_stands(tmp_path: Path) -> None:
    twins = [(f"twin{number}", "", ANIMALS[2][2]) for number in range(3)]
    right = [("q", id_, 1) for id_, _, _ in twins]
    folder = beir_set(tmp_path, [*twins, *ANIMALS[:2]], [("q", "honey of bees")], right)
    assert measure(folder, WordEmbedder()).figures["default"] == Figures(1.0, 1.0, 1.0)


def test_a_question_that_is_in_the_corpus_itself_is_not_its_own_answer(tmp_path: Path) -> None:
    asked = "bees make honey from nectar"
    folder = beir_set(tmp_path, [*ANIMALS, ("q", "", asked)], [("q", asked)], [("q", "bee", 1)])
    for way, figures in measure(folder, WordEmbedder()).figures.items():
        assert figures.mrr == 1, way


def test_averages_are_those_of_a_language() -> None:
    def one(name: str, language: str, share: float) -> Measured:
        figures = Figures(share, share, share)
        return Measured(name, language, 1, 1, 1, "", {"default": figures}, 1.0)

    made = averages([one("a", "fr", 0.5), one("b", "fr", 1.0), one("c", "en", 0.25)])
    assert made["fr"]["default"] == Figures(0.75, 0.75, 0.75)
    assert made["en"]["default"].ndcg == 0.25
