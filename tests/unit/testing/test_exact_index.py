import math

import pytest

from counterpoint.knowledge.index.port import Filter
from counterpoint.testing.exact_index import ExactIndex, visible
from tests.indexes import asker, document, found, vector

STAFF = asker("group:staff")


def holding(*texts: str, **more: object) -> ExactIndex:
    index = ExactIndex()
    index.put([document("d", *texts, **more)])  # type: ignore[arg-type]  # whatever a document takes
    return index


def test_words_count_as_bm25_says() -> None:
    index = holding("chat chat noir", "chien", "chat")
    mean = 5 / 3
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    first, second = (
        idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 1 / mean)),
        idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / mean)),
    )
    hits = index.by_terms(["chat"], STAFF, 10)
    assert {hit.passage.text: pytest.approx(hit.score) for hit in hits} == {
        "chat": first,
        "chat chat noir": second,
    }


def test_a_word_that_is_asked_for_twice_counts_once() -> None:
    index = holding("chat noir", "chien")
    assert index.by_terms(["chat", "chat"], STAFF, 10) == index.by_terms(["chat"], STAFF, 10)


def test_the_nearest_comes_first_and_what_has_no_vector_never() -> None:
    index = holding("one", "two")
    index.put([document("bare", "one", vectors=False)])
    hits = index.by_vector(vector("two"), STAFF, 10)
    assert found(hits)[0] == "two"
    assert hits[0].score == pytest.approx(1)
    assert {hit.passage.document for hit in hits} == {"d"}


def test_who_is_nobody_finds_nothing() -> None:
    index = holding("one", readers="")
    assert not index.by_terms(["one"], STAFF, 10)
    assert not holding("one").by_terms(["one"], asker(), 10)


def test_who_may_see_changes_with_the_next_question() -> None:
    index = holding("one")
    index.allow({"d": frozenset({"group:board"}), "unknown": frozenset({"group:staff"})})
    assert (index.count(STAFF), index.count(asker("group:board")), index.count()) == (0, 1, 1)


def test_a_document_takes_its_own_place_and_can_go() -> None:
    index = holding("one", "two")
    index.put([document("d", "three", version="2")])
    assert [passage.text for passage in index.passages("d", "2", STAFF)] == ["three"]
    assert not index.passages("d", "1", STAFF)
    index.remove(["d"])
    assert index.count() == 0


@pytest.mark.parametrize(
    ("more", "through"),
    [
        ({"sources": {"papers"}}, True),
        ({"sources": {"mail"}}, False),
        ({"documents": {"d"}}, True),
        ({"documents": {"e"}}, False),
        ({"languages": {"fr", "en"}}, True),
        ({"languages": {"en"}}, False),
        ({"media_types": {"text/plain"}}, True),
        ({"media_types": {"text/html"}}, False),
        ({"modified_from": 5, "modified_to": 5}, True),
        ({"modified_from": 6}, False),
        ({"modified_to": 4}, False),
    ],
)
def test_filters_narrow_it_down(more: dict[str, object], through: bool) -> None:
    one = document("d", "one", languages=["fr"], media_type="text/plain", modified=5)
    given = {name: frozenset(value) if isinstance(value, set) else value for name, value in more.items()}
    assert visible(one, one.passages[0], Filter(frozenset({"group:staff"}), **given)) is through  # type: ignore[arg-type]


def test_what_has_no_time_is_in_none() -> None:
    one = document("d", "one")
    assert not visible(one, one.passages[0], asker("group:staff", modified_to=4))
