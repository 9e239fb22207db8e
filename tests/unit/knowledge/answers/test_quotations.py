import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.answers.quotations import Quoted, context_of, locate, locate_all, placed
from counterpoint.knowledge.documents import Block, Parsed
from tests.unit.knowledge.answers.passages import evidence, nothing_kept

NOTICE = evidence("Le préavis est de deux mois, sauf accord. Il est écrit.", "contract", start=40)
PAY = evidence("Le salaire est versé le 5 du mois.", "pay")


def test_a_quotation_is_widened_to_its_sentence() -> None:
    found = locate(Quoted(1, "Le préavis est de deux mois"), [NOTICE, PAY], nothing_kept)
    assert found
    assert found.span.quote == "Le préavis est de deux mois, sauf accord."
    assert (found.span.start, found.span.page, found.moved) == (40, 3, "")


def test_a_quotation_from_another_passage_gets_its_true_place() -> None:
    found = locate(Quoted(1, "versé le 5 du mois"), [NOTICE, PAY], nothing_kept)
    assert found
    assert (found.span.document, found.moved) == ("pay", "passage")


def test_a_quotation_from_another_page_gets_its_true_place() -> None:
    text = "La paie.\n\nLe salaire est versé le 5 du mois."
    page = evidence("La paie.", "pay")
    whole = Parsed(text, (Block("heading", 0, 8, page=1), Block("paragraph", 10, len(text), page=7)), pages=7)
    found = locate(Quoted(1, "Le salaire est versé le 5 du mois."), [page], lambda *_: whole)
    assert found
    assert (found.span.page, found.span.start, found.moved) == (7, 10, "document")


def test_a_quotation_from_another_page_is_widened_to_its_sentence_within_its_block() -> None:
    said = "Access is permitted to all staff except contractors. It is free."
    text = f"Rules\n\n{said}\n\nParking."
    whole = Parsed(
        text,
        (
            Block("heading", 0, 5),
            Block("paragraph", 7, 7 + len(said)),
            Block("paragraph", len(text) - 8, len(text)),
        ),
        language="en",
    )
    shown = evidence("Parking.", start=len(text) - 8)
    found = locate(Quoted(1, "Access is permitted to all staff"), [shown], lambda *_: whole)
    assert found
    assert found.span.quote == "Access is permitted to all staff except contractors."
    assert found.span.start == 7


def test_a_document_is_read_once_for_all_quotations_that_no_passage_has() -> None:
    text = "La paie.\n\nLe salaire est versé le 5 du mois."
    whole = Parsed(text, (Block("paragraph", 0, 8), Block("paragraph", 10, len(text))))
    read: list[str] = []

    def kept(document: str, version: str) -> Parsed:
        read.append(document)
        return whole

    invented = [Quoted(1, f"Invented number {number}") for number in range(100)]
    wanted = Quoted(1, "Le salaire est versé")
    found = locate_all([wanted, *invented, wanted], [evidence("La paie.", "pay")] * 3, kept)
    assert read == ["pay"]
    assert found[0] is not None
    assert found[0] == found[-1]
    assert not any(found[1:-1])


def test_of_many_invented_quotations_only_some_are_looked_for_elsewhere() -> None:
    text = "La paie.\n\nLe salaire est versé le 5 du mois."
    whole = Parsed(text, (Block("paragraph", 0, 8), Block("paragraph", 10, len(text))))
    quotes = [*(Quoted(1, f"Invented number {number}") for number in range(100)), Quoted(1, "Le salaire est")]
    assert locate_all(quotes, [evidence("La paie.", "pay")], lambda *_: whole)[-1] is None


@pytest.mark.parametrize("text", ["Le préavis est de trois mois", "", "a", "deux semaines"])
def test_what_is_nowhere_is_not_quoted(text: str) -> None:
    assert locate(Quoted(1, text), [NOTICE, PAY], nothing_kept) is None


def test_titles_are_the_context() -> None:
    assert context_of(NOTICE) == "Guide"


@given(st.text(min_size=1, max_size=200), st.data())
def test_what_is_placed_is_what_the_passage_says(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = placed(evidence(text, start=7), start, end, nothing_kept)
    assert span.quote == text[start:end]
    assert (span.start, span.end) == (7 + start, 7 + end)
