"""Contents are at hand for who opens documents, pages as pictures included."""

import msgspec
import pytest

from counterpoint.i18n.complaint import Complaint
from tests.papers import Papers


def test_passages_come_with_where_they_stand(papers: Papers) -> None:
    document = papers.upload(papers.source(readers=["all"]), "a.pdf", "The notice period.")
    papers.read()
    asker = papers.control.groups.asker(None)
    version = papers.knowledge.documents.find(document, asker).row.indexed
    (passage,) = papers.library.passages(document, version)
    assert [(box.page, box.left, box.right) for box in papers.library.boxes(passage)] == [(1, 0.1, 0.9)]
    assert list(papers.library.passages(document, "")) == []
    assert papers.library.boxes(msgspec.structs.replace(passage, version="another")) == ()
    assert papers.library.content(version) == b"The notice period."
    assert papers.library.whole(document, "another") is None


def test_what_is_no_pdf_has_no_pictures(papers: Papers) -> None:
    document = papers.upload(papers.source(readers=["all"]), "a.pdf", "The notice period.")
    papers.read()
    with pytest.raises(Complaint, match="no pictures"):
        papers.knowledge.documents.page(document, 1, 800, papers.control.groups.asker(None))


def test_settings_are_checked_by_kind(papers: Papers) -> None:
    assert papers.library.checked("feed", {"url": "https://example.com"}) == {"url": "https://example.com"}
    with pytest.raises(Complaint):
        papers.library.checked("feed", {})
