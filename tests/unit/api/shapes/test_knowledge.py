"""How far something is, is told in words and numbers that a page can show."""

from sqlalchemy import update

from counterpoint.api.shapes.knowledge import document_shape, kind_shapes, source_shape, why_shape
from counterpoint.knowledge.opening import Why
from counterpoint.knowledge.principals import PrincipalView
from counterpoint.storage import knowledge_tables
from tests.papers import Papers


def test_a_source_tells_of_both_of_its_syncs(papers: Papers) -> None:
    source = papers.source(readers=["all"])
    papers.upload(source, "a.txt", "The notice period.")
    waiting = source_shape(papers.knowledge.sources.find(source), "en")
    assert (waiting.content.state, waiting.content.waiting, waiting.rights.waiting) == ("waiting", 1, 0)
    papers.read()
    done = source_shape(papers.knowledge.sources.find(source), "en")
    assert (done.content.state, done.content.ready, done.rights.ready) == ("done", 1, 1)
    assert done.content.ok_at is not None
    assert done.content.error is None


def test_a_document_says_why_in_the_readers_language(papers: Papers) -> None:
    source = papers.source()
    papers.upload(source, "a.txt", "BAD")
    papers.read()
    (view,) = papers.knowledge.sources.documents(source, papers.control.groups.asker(None)).items
    english, french = document_shape(view, "en"), document_shape(view, "fr")
    assert english.state == "skipped"
    assert english.reason
    assert french.reason not in {None, english.reason}


def test_pages_are_those_of_which_there_are_pictures(papers: Papers) -> None:
    source, asker = papers.source(), papers.control.groups.asker(None)
    papers.upload(source, "a.pdf", "One page.")
    papers.upload(source, "b.pptx", "One slide.")
    papers.read()
    with papers.control.database.write() as connection:
        connection.execute(update(knowledge_tables.documents).values(pages=3))
    views = papers.knowledge.sources.documents(source, asker).items
    assert [document_shape(view, "en").pages for view in views] == [3, 0]


def test_everybody_has_a_name_in_words() -> None:
    view = PrincipalView("all:o", "everybody", "")
    assert why_shape(Why("ada", (view,)), "fr").sentence.endswith("tout le monde.")
    assert not why_shape(Why("ada", ()), "en").may_read


def test_every_kind_is_described() -> None:
    assert {kind.kind for kind in kind_shapes()} == {"folder", "upload", "web", "bucket", "git", "feed"}
