"""What somebody asks is searched for and answered among what he may see."""

import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.asking import Wanted
from tests.papers import Papers


def test_what_is_found_says_where_it_stands(papers: Papers) -> None:
    source = papers.source(readers=["all"])
    text = "The notice period is three months."
    papers.upload(source, "notice.pdf", text)
    papers.read()
    (item,) = papers.knowledge.asking.search(
        Wanted(question="notice"), papers.control.groups.asker(None)
    ).items
    assert (item.source_name, item.path, item.passage.page) == ("Handbook", "notice.pdf", 1)
    assert [text[start:end] for start, end in item.highlights] == ["notice"]
    assert [box.page for box in item.boxes] == [1]


def test_a_search_is_narrowed_down_to_what_is_offered(papers: Papers) -> None:
    first, second = papers.source("One", readers=["all"]), papers.source("Two", readers=["all"])
    papers.source("Three", readers=["all"])
    for source in (first, second):
        papers.upload(source, "notice.txt", "The notice period is three months, for all of us.")
    papers.read()
    asker = papers.control.groups.asker(None)
    facets = papers.knowledge.asking.filters(asker)
    assert [(each.id, each.name) for each in facets.sources] == [(first, "One"), (second, "Two")]
    assert facets.languages == ("en",)
    wanted = Wanted(question="notice period", sources=frozenset({second}))
    assert [item.source for item in papers.knowledge.asking.search(wanted, asker).items] == [second]


def test_a_trace_tells_how_over_what_one_may_see_oneself(papers: Papers) -> None:
    ada = papers.person("ada", "maker")
    papers.upload(papers.source("Open", readers=["all"]), "a.txt", "The notice period is three months.")
    papers.upload(papers.source("Shut"), "b.txt", "The notice period is a secret.")
    papers.read()
    traced = papers.knowledge.asking.trace(Wanted(question="notice"), papers.control.groups.asker(ada.id))
    assert [each.passage.text for each in traced.candidates] == ["The notice period is three months."]
    assert {each.kind for each in traced.principals} == {"everybody", "user"}
    assert traced.terms == ("notic",)
    assert not traced.results.by_meaning


def test_who_is_nobody_finds_nothing(papers: Papers) -> None:
    papers.upload(papers.source(), "a.txt", "The notice period is three months.")
    papers.read()
    asker = papers.control.groups.asker(None)
    assert papers.knowledge.asking.search(Wanted(question="notice"), asker).items == ()
    assert papers.knowledge.asking.filters(asker).sources == ()
    view = papers.knowledge.asking.answer(Wanted(question="notice period?"), asker, "en")
    assert (view.receipt.answer.found, view.receipt.passages) == (False, ())


@pytest.mark.parametrize("question", ["", "  ", "\n\t"])
def test_blanks_are_no_question(papers: Papers, question: str) -> None:
    asking, asker = papers.knowledge.asking, papers.control.groups.asker(None)
    for ask in (asking.search, asking.trace, lambda wanted, who: asking.answer(wanted, who, "en")):
        with pytest.raises(Complaint) as refused:
            ask(Wanted(question=question), asker)
        assert refused.value.sentence == "knowledge.questions.empty"
