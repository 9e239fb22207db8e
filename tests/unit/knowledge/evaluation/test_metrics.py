import math

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.evaluation.metrics import Figures, figures, mean, ndcg, recall, reciprocal_rank


def test_the_worked_example_of_the_literature() -> None:
    """Grades 3, 2, 3, 0, 1, 2 in this order: 6.861 of 7.141 with the formula of 2002 (gain = grade)."""
    judged = dict(zip("abcdef", (3, 2, 3, 0, 1, 2), strict=True))
    assert math.isclose(ndcg("abcdef", judged), 6.861126688593501 / 7.140995184095700, rel_tol=1e-9)


def test_what_is_not_found_among_the_first_ten_gains_nothing() -> None:
    ranked = [f"d{number}" for number in range(20)]
    judged = {"d0": 1, "d11": 1}
    assert recall(ranked, judged) == 0.5
    assert math.isclose(ndcg(ranked, judged), 1 / (1 + 1 / math.log2(3)))
    assert reciprocal_rank(ranked, {"d11": 2}) == 1 / 12


def test_more_right_ones_than_places_can_still_be_perfect() -> None:
    judged = {f"d{number}": 1 for number in range(15)}
    assert math.isclose(ndcg(list(judged), judged), 1.0)
    assert recall(list(judged), judged) == 10 / 15


def test_grades_below_one_are_not_right() -> None:
    judged = {"wrong": 0, "worse": -1, "right": 2}
    assert figures(["worse", "wrong", "right"], judged) == Figures(0.5, 1.0, 1 / 3)
    assert figures(["right"], {"right": 0}) == Figures(0.0, 0.0, 0.0)
    assert figures([], judged) == Figures(0.0, 0.0, 0.0)


def test_means_count_every_question_the_same() -> None:
    assert mean([Figures(1, 1, 1), Figures(0, 0.5, 0)]) == Figures(0.5, 0.75, 0.5)
    assert mean([]) == Figures(0.0, 0.0, 0.0)


@given(st.dictionaries(st.integers(0, 30).map(str), st.integers(-1, 4)), st.permutations(range(31)))
def test_no_order_is_better_than_the_grades(judged: dict[str, int], order: list[int]) -> None:
    ranked = [str(number) for number in order]
    best = sorted(ranked, key=lambda document: -judged.get(document, 0))
    got, top = figures(ranked, judged), figures(best, judged)
    assert 0 <= got.ndcg <= top.ndcg + 1e-9
    assert got.recall <= top.recall
    assert got.mrr <= top.mrr
    if any(grade > 0 for grade in judged.values()):
        assert math.isclose(top.ndcg, 1.0)
