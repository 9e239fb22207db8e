from pathlib import Path

import numpy as np

from counterpoint.knowledge.evaluation.vectors import KeptVectors, kept_local
from tests.unit.knowledge.evaluation.embedders import DIMENSIONS, WordEmbedder


def kept(folder: Path, made: list[WordEmbedder]) -> KeptVectors:
    def make() -> WordEmbedder:
        made.append(WordEmbedder())
        return made[-1]

    return KeptVectors(folder, "words", DIMENSIONS, make)


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    made: list[WordEmbedder] = []
    first = kept(tmp_path, made)
    texts = ["a longer text about bees", "bees", "bees"]
    vectors = first.passages(texts)
    assert np.allclose(vectors, WordEmbedder().passages(texts))
    assert made[0].asked == ["bees", "a longer text about bees"]
    assert np.array_equal(kept(tmp_path, made).passages(texts), vectors)
    assert len(made) == 1


def test_questions_and_passages_are_kept_apart(tmp_path: Path) -> None:
    made: list[WordEmbedder] = []
    vectors = kept(tmp_path, made)
    vectors.questions(["bees"])
    vectors.passages(["bees"])
    assert made[0].asked == ["bees", "bees"]


def test_what_another_one_has_added_meanwhile_is_known(tmp_path: Path) -> None:
    mine: list[WordEmbedder] = []
    theirs: list[WordEmbedder] = []
    one, other = kept(tmp_path, mine), kept(tmp_path, theirs)
    one.passages(["bees"])
    other.passages(["owls"])
    one.passages(["owls", "cats"])
    assert mine[0].asked == ["bees", "cats"]


def test_a_record_that_was_cut_off_is_made_again(tmp_path: Path) -> None:
    made: list[WordEmbedder] = []
    kept(tmp_path, made).passages(["bees", "owls"])
    file = tmp_path / "words.vectors"
    file.write_bytes(file.read_bytes()[:-7])
    again = kept(tmp_path, made).passages(["bees", "owls", "cats"])
    assert np.allclose(again, WordEmbedder().passages(["bees", "owls", "cats"]))
    assert np.array_equal(kept(tmp_path, made).passages(["bees", "owls", "cats"]), again)
    assert len(made) == 2


def test_how_far_it_is(tmp_path: Path) -> None:
    vectors = kept(tmp_path, [])
    told: list[tuple[int, int]] = []
    vectors.told = lambda done, total: told.append((done, total))
    vectors.passages([f"text {number}" for number in range(20)])
    assert told == [(16, 20), (20, 20)]


def test_the_local_model(tmp_path: Path) -> None:
    vectors = kept_local(tmp_path)
    (question,) = vectors.questions(["Où dort le chat ?"])
    cat, market = vectors.passages(["The cat sleeps on the sofa.", "Stock markets fell on Monday."])
    assert np.dot(question, cat) > np.dot(question, market)
    assert vectors.dimensions == len(question)
