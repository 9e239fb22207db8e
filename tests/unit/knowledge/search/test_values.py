from counterpoint.knowledge.search.values import Found, Trace
from tests.unit.knowledge.search.passages import WANTED


def test_vectors_took_part_where_a_model_is_named() -> None:
    assert Found((), Trace("q", ("q",), WANTED, model="some-model")).by_meaning
    assert not Found((), Trace("q", ("q",), WANTED, away=True)).by_meaning
