"""A receipt is kept as it was made, and shown as rights are now."""

import msgspec
import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.answers.receipt import Answer, Claim
from counterpoint.knowledge.asker import Asker
from counterpoint.knowledge.asking import Wanted
from counterpoint.storage import knowledge_readers as readers
from tests.papers import Papers, Person

QUESTION = Wanted(question="What is the notice period for managers?")
TEXT = "Handbook\n\nThe notice period for managers is three months. A letter is written."


def asked(papers: Papers) -> tuple[Person, str, str]:
    """Somebody who may see the only document and asked; it, and his receipt."""
    ada = papers.person("ada")
    document = papers.upload(papers.source(readers=["user:ada"]), "notice.txt", TEXT)
    papers.read()
    view = papers.knowledge.asking.answer(QUESTION, papers.control.groups.asker(ada.id), "en")
    assert view.receipt.answer.found
    return ada, document, view.receipt.id


def test_it_says_by_which_right_what_was_quoted(papers: Papers) -> None:
    ada, document, receipt = asked(papers)
    view = papers.knowledge.receipts.find(receipt, papers.control.groups.asker(ada.id))
    assert view.complete
    assert view.login == "ada"
    (source,) = view.receipt.answer.sources
    assert (source.document, view.rights[source.right]) == (document, "ada")
    assert view.places[document].path == "notice.txt"


def test_when_the_right_is_gone_so_is_what_it_showed(papers: Papers) -> None:
    ada, document, receipt = asked(papers)
    with papers.control.database.write() as connection:
        readers.put(connection, {document: frozenset()})
    view = papers.knowledge.receipts.find(receipt, papers.control.groups.asker(ada.id))
    answer = view.receipt.answer
    assert not view.complete
    assert (answer.claims, answer.sources, answer.conflicts, view.places) == ((), (), (), {})


def test_an_auditor_sees_where_and_not_what(papers: Papers) -> None:
    _, document, receipt = asked(papers)
    auditor = papers.control.groups.asker(papers.person("audrey", "auditor").id, audits=True)
    view = papers.knowledge.receipts.find(receipt, auditor)
    (span,) = view.receipt.answer.claims[0].spans
    assert (span.document, span.quote) == (document, "")
    assert span.end > span.start
    assert view.receipt.answer.claims[0].sentence == ""
    assert [each.login for each in papers.knowledge.receipts.list(auditor).items] == ["ada"]


def test_another_person_has_none_of_it(papers: Papers) -> None:
    _, _, receipt = asked(papers)
    bob = papers.control.groups.asker(papers.person("bob").id)
    with pytest.raises(Complaint, match="no receipt"):
        papers.knowledge.receipts.find(receipt, bob)
    assert papers.knowledge.receipts.list(bob).items == ()


def test_what_was_withheld_is_for_auditors(papers: Papers) -> None:
    _, document, _ = asked(papers)
    bob = papers.person("bob")
    view = papers.knowledge.asking.answer(QUESTION, papers.control.groups.asker(bob.id), "en")
    assert not view.receipt.answer.found
    withheld = papers.knowledge.receipts.withheld(view.receipt.id)
    assert {each.document for each in withheld} == {document}
    with pytest.raises(Complaint):
        papers.knowledge.receipts.withheld("absent")


SAID = "Managers have three months."


def kept(papers: Papers, *claims: Claim, missing: tuple[str, ...] = ()) -> tuple[Asker, str, str]:
    """A model's answer from that document, in a receipt; its asker and both ids."""
    ada, document, first = asked(papers)
    asker = papers.control.groups.asker(ada.id)
    looked_at = papers.knowledge.receipts.find(first, asker).receipt
    assert looked_at.passages
    answer = Answer(QUESTION.question, "model", found=False, claims=claims, missing=missing)
    receipt = msgspec.structs.replace(looked_at, id="written", answer=answer)
    papers.knowledge.receipts.keep(receipt, asker, ())
    return asker, document, receipt.id


def answer_for(papers: Papers, asker: Asker, receipt: str) -> tuple[list[str], tuple[str, ...], bool]:
    view = papers.knowledge.receipts.find(receipt, asker)
    answer = view.receipt.answer
    return [claim.sentence for claim in answer.claims], answer.missing, view.complete


def test_what_rests_on_no_quotation_goes_with_the_right_to_any_passage_that_was_looked_at(
    papers: Papers,
) -> None:
    ada, document, receipt = kept(
        papers, Claim(SAID, "marked", reasons=("knowledge.reason.no_quote",)), missing=(SAID,)
    )
    assert answer_for(papers, ada, receipt) == ([SAID], (SAID,), True)
    with papers.control.database.write() as connection:
        readers.put(connection, {document: frozenset()})
    assert answer_for(papers, ada, receipt) == ([], (), False)


def test_an_auditor_without_the_right_reads_none_of_what_rests_on_no_quotation(papers: Papers) -> None:
    _, _, receipt = kept(
        papers, Claim(SAID, "marked", reasons=("knowledge.reason.no_quote",)), missing=(SAID,)
    )
    auditor = papers.control.groups.asker(papers.person("audrey", "auditor").id, audits=True)
    assert answer_for(papers, auditor, receipt) == ([""], (), False)


def test_asker_and_auditor_are_told_how_many_sentences_were_dropped(papers: Papers) -> None:
    ada, _, receipt = kept(papers, Claim(SAID, "dropped"), Claim("Another.", "dropped"))
    auditor = papers.control.groups.asker(papers.person("audrey", "auditor").id, audits=True)
    for reader in (ada, auditor):
        assert papers.knowledge.receipts.find(receipt, reader).dropped == 2
    assert answer_for(papers, ada, receipt)[0] == []
