import pytest

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing import plain, registry
from counterpoint.knowledge.parsing.outcome import DAMAGED, EMPTY, NO_TEXT, TOO_LARGE, Unreadable
from tests.office.making import paragraph, pdf, word, workbook


def test_a_file_is_read_as_what_it_is_and_its_language_told() -> None:
    outcome = registry.read(
        "wrong.pdf", "", word(paragraph("Le chat est sur la table, et il y reste avec nous."))
    )
    assert isinstance(outcome, Parsed)
    assert outcome.language == "fr"
    english = registry.read(
        "a.docx", "", pdf([(60, 80, 11, "This is what they have said about it to all of us.")])
    )
    assert isinstance(english, Parsed)
    assert (english.language, english.pages) == ("en", 1)


def test_what_has_no_text_says_so() -> None:
    assert registry.read("a.docx", "", word("")) == Unreadable(NO_TEXT)
    assert registry.read("a.xlsx", "", workbook({"One": ()})) == Unreadable(NO_TEXT)
    assert registry.read("a.txt", "", b"") == Unreadable(EMPTY)


def test_bounds_and_failures_are_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> Parsed:
        raise ZeroDivisionError

    monkeypatch.setattr(plain, "read", broken)
    assert registry.read("a.txt", "", b"text") == Unreadable(DAMAGED)
    monkeypatch.setattr(plain, "read", lambda _: Parsed("text", ()))
    assert registry.read("a.txt", "", b"text") == Unreadable(DAMAGED)
    monkeypatch.setattr(registry, "MOST_BYTES", 3)
    assert registry.read("a.txt", "", b"text") == Unreadable(TOO_LARGE)
