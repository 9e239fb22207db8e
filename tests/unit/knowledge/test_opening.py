"""A document is opened by its readers alone, and for others is as one that is not there."""

import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.documents import Box, Passage
from counterpoint.knowledge.library import Library
from counterpoint.knowledge.opening import Documents
from counterpoint.storage import knowledge_readers as readers
from tests.papers import Papers


def test_its_readers_read_it_and_nobody_else_does(papers: Papers) -> None:
    ada, bob = papers.person("ada"), papers.person("bob")
    source = papers.source(readers=["user:ada"])
    document = papers.upload(source, "folder/notice.txt", "The notice period is three months.")
    papers.read()
    groups, documents = papers.control.groups, papers.knowledge.documents
    name, content = documents.content(document, groups.asker(ada.id))
    assert (name, content) == ("notice.txt", b"The notice period is three months.")
    (view,) = documents.passages(document, groups.asker(ada.id)).items
    assert view.passage.text == "The notice period is three months."
    for asked in (documents.content, documents.passages, documents.find):
        with pytest.raises(Complaint, match="none that you may see"):
            asked(document, groups.asker(bob.id))
        with pytest.raises(Complaint, match="none that you may see"):
            asked("absent", groups.asker(bob.id))


def test_who_administers_sees_that_it_is_there_and_not_what_it_says(papers: Papers) -> None:
    document = papers.upload(papers.source(), "notice.txt", "The notice period is three months.")
    papers.read()
    asker = papers.control.groups.asker(None, administers=True)
    assert papers.knowledge.documents.find(document, asker).may_read is False
    with pytest.raises(Complaint):
        papers.knowledge.documents.content(document, asker)


def test_why_somebody_may_see_it(papers: Papers) -> None:
    ada = papers.person("ada")
    papers.person("bob")
    papers.group("Finance", [ada])
    document = papers.upload(papers.source(readers=["group:Finance"]), "a.txt", "x")
    papers.read()
    documents = papers.knowledge.documents
    assert [each.name for each in documents.why(document, "ada").through] == ["Finance"]
    assert documents.why(document, "bob").through == ()
    assert [each.name for each in documents.readers(document)] == ["Finance"]
    with pytest.raises(Complaint, match="no account"):
        documents.why(document, "nobody")


def test_a_right_that_is_taken_back_holds_before_the_index_hears_of_it(papers: Papers) -> None:
    ada = papers.person("ada")
    document = papers.upload(papers.source(readers=["user:ada"]), "a.txt", "The notice period.")
    papers.read()
    with papers.control.database.write() as connection:
        readers.put(connection, {document: frozenset()})
    with pytest.raises(Complaint):
        papers.knowledge.documents.passages(document, papers.control.groups.asker(ada.id))
    answer = ada.browser.post("/api/v1/search", json={"question": "notice period"})
    assert answer.json()["items"] == []


def test_a_page_that_there_is_not(papers: Papers) -> None:
    asker = papers.control.groups.asker(None)
    document = papers.upload(papers.source(readers=["all"]), "a.txt", "x")
    papers.read()
    with pytest.raises(Complaint, match="no page 1"):
        papers.knowledge.documents.page(document, 1, 800, asker)


def test_where_passages_stand_is_looked_up_for_those_that_are_shown(papers: Papers) -> None:
    class Counting(Library):
        looked = 0

        def boxes(self, passage: Passage) -> tuple[Box, ...]:
            self.looked += 1
            return super().boxes(passage)

    shelf = Counting(lambda: papers.contents)
    document = papers.upload(papers.source(readers=["all"]), "book.pdf", "It says something. " * 600)
    papers.read()
    asker = papers.control.groups.asker(None)
    documents = Documents(papers.control.database, papers.organisation, shelf)
    first = documents.passages(document, asker, limit=3)
    assert (len(first.items), shelf.looked) == (3, 3)
    rest = documents.passages(document, asker, cursor=first.next)
    numbers = [view.passage.number for view in (*first.items, *rest.items)]
    assert (numbers, rest.next) == (list(range(len(numbers))), None)
    assert all(view.boxes for view in rest.items)
