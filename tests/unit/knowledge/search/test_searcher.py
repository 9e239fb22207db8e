"""Questions to an index that misses nothing."""

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.knowledge.index.port import Filter
from counterpoint.knowledge.search import Found, Searcher
from counterpoint.testing.exact_index import ExactIndex
from tests.unit.knowledge.evaluation.embedders import NoEmbedder, WordEmbedder
from tests.unit.knowledge.search.passages import EVERYBODY, WANTED, indexed, passage

TEXTS = {
    "notice": "The notice period is three months for every employee.",
    "leave": "Every employee has thirty days of leave a year.",
    "travel": "Travel costs are paid back within thirty days.",
    "canteen": "The canteen is open from noon to two.",
}
PASSAGES = [passage(name, text) for name, text in TEXTS.items()]


@pytest.fixture
def index() -> ExactIndex:
    made = ExactIndex()
    made.put(indexed(PASSAGES, WordEmbedder()))
    return made


def documents(found: Found) -> list[str]:
    return [item.passage.document for item in found.items]


def test_the_passage_that_answers_is_first_with_its_words_marked(index: ExactIndex) -> None:
    found = Searcher(index, WordEmbedder()).search("What is the notice period?", WANTED)
    best = found.items[0]
    assert best.passage.document == "notice"
    assert [best.passage.text[start:end] for start, end in best.highlights] == ["notice", "period"]
    assert best.band == "strong"
    assert found.by_meaning
    assert found.trace.model == "words"
    first = found.trace.candidates[0]
    assert (first.word_rank, first.meaning_rank, first.rank) == (1, 1, 1)
    assert found.trace.micros > 0


def test_without_vectors_it_is_found_by_word_and_the_trace_says_so(index: ExactIndex) -> None:
    alone = Searcher(index).search("notice period", WANTED)
    assert documents(alone)[0] == "notice"
    assert (alone.by_meaning, alone.trace.away) == (False, False)
    away = Searcher(index, NoEmbedder()).search("notice period", WANTED)
    assert documents(away) == documents(alone)
    assert (away.by_meaning, away.trace.away, away.trace.model) == (False, True, "")


def test_a_document_that_is_not_embedded_yet_is_found_by_word(index: ExactIndex) -> None:
    index.put(indexed([passage("fresh", "The notice period for trainees is a week.")]))
    found = Searcher(index, WordEmbedder()).search("notice period for trainees", WANTED)
    assert "fresh" in documents(found)[:2]


def test_nobody_finds_nothing(index: ExactIndex) -> None:
    for wanted in (Filter(frozenset()), Filter(frozenset({"user:stranger"}))):
        found = Searcher(index, WordEmbedder()).search("notice period", wanted)
        assert found.items == ()
        assert found.trace.candidates == ()


def test_empty_and_odd_questions_break_nothing(index: ExactIndex) -> None:
    searcher = Searcher(index, WordEmbedder())
    assert Searcher(index).search("", WANTED).items == ()
    for question in ("", "   ", "?!", "the of and", "\0", "x" * 10_000, "notice " * 3000, '" OR 1=1 --'):
        assert len(searcher.search(question, WANTED).items) <= 10
    assert searcher.search("notice", WANTED, 0).items == ()
    assert len(searcher.search("notice", WANTED, 2).items) == 2


def test_the_same_text_is_shown_once(index: ExactIndex) -> None:
    twin = passage("twin", TEXTS["notice"].replace(" is ", "\nis "))
    index.put(indexed([twin], WordEmbedder()))
    found = Searcher(index, WordEmbedder()).search("notice period", WANTED)
    assert documents(found).count("notice") + documents(found).count("twin") == 1
    (alike,) = found.items[0].alike
    assert {alike.document, found.items[0].passage.document} == {"notice", "twin"}


def test_a_lost_right_holds_though_the_index_has_not_heard_of_it(index: ExactIndex) -> None:
    asked: list[set[str]] = []

    def allowed(ids: Collection[str], principals: frozenset[str]) -> set[str]:
        asked.append(set(ids))
        assert principals == EVERYBODY
        return set(ids) - {"notice"}

    found = Searcher(index, WordEmbedder(), allowed).search("notice period", WANTED)
    assert "notice" not in {one.passage.document for one in found.trace.candidates}
    assert "notice" not in documents(found)
    assert sum(map(len, asked)) == len(set().union(*asked)), "each document is looked up once"


def test_more_is_fetched_where_the_first_hundreds_are_lost() -> None:
    index = ExactIndex()
    lost = [passage(f"lost{number:03}", "notice notice notice") for number in range(250)]
    index.put(indexed([*lost, passage("kept", "a notice among many other words that stand here")]))
    found = Searcher(index, None, lambda ids, _: {id_ for id_ in ids if id_ == "kept"}).search(
        "notice", WANTED
    )
    assert documents(found) == ["kept"]


def test_a_second_search_where_the_first_finds_little() -> None:
    index = ExactIndex()
    first = passage("a", "A widget is lubricated with graphite paste.")
    related = passage("b", "Graphite paste is kept in the blue cupboard.")
    index.put(indexed([first, related, passage("c", "The canteen is open.")]))
    found = Searcher(index).search("widget", WANTED)
    assert documents(found) == ["a", "b"]
    assert found.trace.second == "few"
    assert "graphit" in found.trace.second_terms
    assert [one.second for one in found.trace.candidates] == [False, True]
    assert found.items[1].band == "weak"


def test_filters_narrow_it_down(index: ExactIndex) -> None:
    french = passage("fr", "Le délai de préavis est de trois mois.", language="fr")
    index.put(indexed([french], WordEmbedder(), source="other"))
    searcher = Searcher(index, WordEmbedder())
    assert documents(searcher.search("préavis notice", Filter(EVERYBODY, languages=frozenset({"fr"})))) == [
        "fr"
    ]
    assert documents(searcher.search("notice", Filter(EVERYBODY, sources=frozenset({"other"})))) == ["fr"]
    assert documents(searcher.search("préavis", Filter(EVERYBODY, documents=frozenset({"leave"})))) == [
        "leave"
    ]


@settings(max_examples=40)
@given(
    readers=st.lists(
        st.frozensets(st.sampled_from(["user:a", "group:g", "all:here"])), min_size=8, max_size=8
    ),
    lost=st.frozensets(st.integers(0, 7)),
    asker=st.frozensets(st.sampled_from(["user:a", "group:g", "user:b"])),
    question=st.sampled_from(["red fox", "fox", "bear in the snow", "nothing of all", ""]),
)
def test_nothing_hidden_takes_part(
    readers: list[frozenset[str]], lost: frozenset[int], asker: frozenset[str], question: str
) -> None:
    words = ("red fox", "fox den", "bear", "snow and red fox", "bear in snow", "owl", "red", "fox fox")
    index = ExactIndex()
    for number, (text, may) in enumerate(zip(words, readers, strict=True)):
        index.put(indexed([passage(f"d{number}", f"{text} number{number}")], WordEmbedder(), may))
    gone = {f"d{number}" for number in lost}
    found = Searcher(index, WordEmbedder(), lambda ids, _: set(ids) - gone).search(question, Filter(asker))
    visible = {f"d{number}" for number, may in enumerate(readers) if may & asker} - gone
    shown = {one.passage.document for one in found.trace.candidates}
    assert shown <= visible
    assert {item.passage.document for item in found.items} <= shown
    assert all(
        f"number{number}" not in found.trace.second_terms
        for number in range(8)
        if f"d{number}" not in visible
    )
