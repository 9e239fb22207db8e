"""What is compared is what search does."""

from pathlib import Path

import numpy as np

from benchmarks.retrieval_fusing import Exact, by_range, by_spread, chosen, nearer, ranks, scaled
from counterpoint.knowledge.evaluation.measuring import measure
from counterpoint.knowledge.evaluation.vectors import KeptVectors
from tests.unit.knowledge.evaluation.embedders import DIMENSIONS, WordEmbedder
from tests.unit.knowledge.evaluation.sets import animals


def test_the_default_is_one_of_the_ways(tmp_path: Path) -> None:
    folder = animals(tmp_path / "zoo")
    exact = Exact(folder, KeptVectors(tmp_path / "kept", "words", DIMENSIONS, WordEmbedder))
    ours = measure(folder, WordEmbedder()).figures["default"].ndcg
    assert abs(exact.score(nearer(scaled(0.4, by_spread), 0.5)) - ours) < 1e-6
    for ranking in (ranks(0.5, 60), scaled(0.4, by_range), scaled(0.4, by_spread, known=False)):
        assert exact.score(ranking) > 0.9


def test_scales() -> None:
    scores = np.array([1.0, 2.0, 3.0])
    assert by_range(scores).tolist() == [0.0, 0.5, 1.0]
    assert abs(by_spread(scores).mean()) < 1e-9
    assert by_spread(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]


def test_a_parameter_is_chosen_without_the_set_it_is_judged_on() -> None:
    scores = [{(0.1, 0.0): 1.0, (0.2, 0.0): 0.0}, {(0.1, 0.0): 0.0, (0.2, 0.0): 0.5}]
    assert chosen(scores) == [((0.2, 0.0), 0.0), ((0.1, 0.0), 0.0)]
