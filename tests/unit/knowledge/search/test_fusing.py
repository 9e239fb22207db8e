import itertools

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.index.port import Hit
from counterpoint.knowledge.search.fusing import Lists, fused
from tests.unit.knowledge.search.passages import passage


def hits(**scores: float) -> tuple[Hit, ...]:
    best = sorted(scores.items(), key=lambda item: -item[1])
    return tuple(Hit(passage(name, name), "source", score) for name, score in best)


def names(lists: Lists) -> str:
    return "".join(one.passage.document for one in fused(lists))


def test_what_both_ways_find_is_ahead() -> None:
    assert names(Lists(hits(a=9, b=8, c=1), hits(d=0.9, b=0.88, e=0.8)))[0] == "b"


def test_by_how_much_a_passage_is_better_counts() -> None:
    """Ranks alone would call both first ones alike."""
    far_ahead = hits(a=30, b=8, c=7, d=6)
    close = hits(b=0.84, a=0.83, c=0.82, d=0.81)
    assert names(Lists(far_ahead, close)).startswith("a")


def test_scores_that_a_list_has_not_shown_are_used() -> None:
    lists = Lists(hits(a=9, b=8), hits(c=0.9, d=0.8))
    known = Lists(lists.word, lists.meaning, {"d.1.0": 7.5}, {"b.1.0": 0.89})
    assert names(lists).startswith("c")
    assert names(known).startswith("b")
    by_id = {one.passage.document: one for one in fused(known)}
    assert (by_id["d"].word_rank, by_id["d"].word_score) == (None, 7.5)
    assert (by_id["b"].meaning_rank, by_id["b"].meaning_score) == (None, 0.89)
    assert (by_id["a"].meaning_score, by_id["c"].word_score) == (None, None)


def test_one_way_alone_keeps_its_order() -> None:
    assert names(Lists(hits(a=3, b=2, c=1), ())) == "abc"
    assert names(Lists((), hits(a=0.9, b=0.8))) == "ab"
    assert fused(Lists((), ())) == []
    assert names(Lists(hits(b=2, a=2), hits(a=0.5, b=0.5))) == "ab"


@given(st.lists(st.floats(0, 50), max_size=8), st.lists(st.floats(-1, 1), max_size=8), st.integers(0, 8))
def test_every_candidate_is_there_once_and_better_in_both_is_ahead(
    word: list[float], meaning: list[float], shift: int
) -> None:
    letters = "abcdefghijklmnop"
    said = hits(**dict(zip(letters, word, strict=False)))
    meant = hits(**dict(zip(letters[shift:], meaning, strict=False)))
    found = fused(Lists(said, meant))
    ids = [one.passage.id for one in found]
    assert len(ids) == len(set(ids))
    assert set(ids) == {hit.passage.id for hit in (*said, *meant)}
    both = [one for one in found if one.word_rank and one.meaning_rank]
    for one, other in itertools.permutations(both, 2):
        if one.word_score > other.word_score and one.meaning_score > other.meaning_score:  # type: ignore[operator]
            assert one.score >= other.score
