"""A quotation is found where it stands whatever typesetting did to it, and not where another text stands."""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from counterpoint.knowledge.text.matching import Searched, highlights
from counterpoint.knowledge.text.splitting import sentences
from counterpoint.knowledge.text.terms import question_terms


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    return Searched(text).find(quote)


TEXT = (
    "L\u2019employeur verse une indemnité de 1\u202f250,50 €, soit 15 jours de salaire, "
    "\u00ab\u00a0sans délai\u00a0\u00bb. Elle n'est pas due en cas de faute lourde\xa0; "
    "le sala-\nrié en est informé \u2013 par écrit. L'œuvre est coﬁnancée à 25 %."
)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("15 jours de salaire", "15 jours de salaire"),
        ("l'employeur verse une indemnité", "L\u2019employeur verse une indemnité"),
        ("indemnité de 1 250,50 €", "indemnité de 1\u202f250,50 €"),
        ('salaire, "sans délai".', "salaire, \u00ab\u00a0sans délai\u00a0\u00bb."),
        ("« Elle n\u2019est pas due en cas de faute lourde »", "Elle n'est pas due en cas de faute lourde"),
        (
            "faute lourde; le salarié en est informé - par écrit",
            "faute lourde\xa0; le sala-\nrié en est informé \u2013 par écrit",
        ),
        ("le sala-rié en est", "le sala-\nrié en est"),
        ("L'oeuvre est cofinancée à 25%", "L'œuvre est coﬁnancée à 25 %"),
        (unicodedata.normalize("NFD", "une indemnité"), "une indemnité"),
        ("L'employeur verse […] 15 jours de salaire", TEXT[: TEXT.index(", \u00ab")]),
        ("...soit 15 jours de salaire...", "soit 15 jours de salaire"),
        ("par\n  écrit", "par écrit"),
    ],
)
def test_what_typesetting_changes_is_let_pass(quote: str, found: str) -> None:
    span = find_quote(quote, TEXT)
    assert span is not None
    assert TEXT[slice(*span)] == found


@pytest.mark.parametrize(
    "quote",
    [
        "16 jours de salaire",
        "5 jours de salaire",
        "250,50 €",
        "indemnité de 1 250",
        "indemnité de 1",
        "50 €, soit 15 jours",
        "Elle est due en cas de faute lourde",
        "Elle n'est pas due en cas de faute grave",
        "faute lourd",
        "mployeur verse",
        "indemnite",
        "SOIT 15 JOURS",
        "15 jours de salaire [...] L'employeur verse une",
        "L'em… 15 jours",
        "",
        " … ",
        "?",
    ],
)
def test_another_text_is_not_found(quote: str) -> None:
    assert find_quote(quote, TEXT) is None


def test_a_sign_belongs_to_its_number() -> None:
    assert find_quote("5 degrés", "Il fait -5 degrés.") is None
    assert find_quote("2020", "de 2019-2020") == (8, 12)
    assert find_quote("5 jours", "- 5 jours") == (2, 9)
    assert find_quote("100 personnes", "En 2019 100 personnes") == (8, 21)


def test_pieces_stand_near_each_other() -> None:
    far = "Le contrat est écrit. " + "Autre chose. " * 100 + "Il est signé par les deux."
    assert find_quote("Le contrat est écrit. … Il est signé par les deux.", far) is None
    twice = far + " Le contrat est écrit. Et puis Il est signé par les deux."
    found = find_quote("Le contrat est écrit. … Il est signé par les deux.", twice)
    assert found == (twice.rindex("Le contrat"), len(twice))


WORDS = [
    "le",
    "salarié",
    "œuvre",
    "n'est",
    "pas",
    "dû",
    "12",
    "3,5",
    "%",
    "«",
    "»",
    "fin.",
    "coﬁn",
    "porte-parole",
    "A\u2013B",
    "É",
]
texts = st.lists(st.sampled_from(WORDS), min_size=3, max_size=25).map(" ".join)
CHANGES: dict[str, Callable[[str], str]] = {
    "space": lambda quote: quote.replace(" ", "\n \u00a0"),
    "nfd": lambda quote: unicodedata.normalize("NFD", quote),
    "marks": lambda quote: quote.translate(
        {ord("'"): "\u2019", ord("«"): "\u201c", ord("»"): "\u201d", ord("\u2013"): "-"}
    ),
    "ligatures": lambda quote: quote.replace("œ", "oe").replace("ﬁ", "fi"),
    "soft": lambda quote: quote.replace("ar", "a\u00adr"),
    "line": lambda quote: quote.replace("sal", "sal-\n"),
    "case": lambda quote: quote[0].swapcase() + quote[1:],
}


@given(texts, st.data())
def test_a_true_quotation_is_found_whatever_was_done_to_it(text: str, data: st.DataObject) -> None:
    words = list(re.finditer(r"\S+", text))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = text[words[first].start() : words[last].end()]
    assume(any(sign.isalnum() for sign in quote))
    changed = CHANGES[data.draw(st.sampled_from(sorted(CHANGES)))](quote)
    for there, asked in ((text, changed), (CHANGES["space"](text), quote), (CHANGES["soft"](text), changed)):
        span = find_quote(asked, there)
        assert span is not None
        assert _letters(there[slice(*span)]) == _letters(quote)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe")).replace("-\n", "").replace("\u00ad", "")
    return "".join(sign for sign in plain.lower() if sign.isalnum())


@given(texts, st.data())
def test_a_changed_word_or_digit_is_not_found(text: str, data: st.DataObject) -> None:
    words = text.split(" ")
    place = data.draw(st.integers(0, len(words) - 1))
    assume(any(sign.isalnum() for sign in words[place]))
    other = data.draw(st.sampled_from(["13", "3,6", "salariée", "jamais", "est", "os"]))
    changed = [*words[:place], other, *words[place + 1 :]]
    assume(_letters("".join(changed)) not in _letters(text) and other.lower() not in text.lower().split(" "))
    assert find_quote(" ".join(changed), text) is None


RESET: list[Callable[[str], str]] = [
    lambda quote: quote.replace("'", "\u2019"),
    lambda quote: quote.replace(" ", "\n", 3),
    lambda quote: unicodedata.normalize("NFD", quote),
    lambda quote: quote.replace("«", '"').replace("»", '"'),
    lambda quote: quote.replace("œ", "oe"),
    lambda quote: quote[0].swapcase() + quote[1:],
    lambda quote: f"« {quote} »",
    lambda quote: quote.replace(" ;", ";").replace(" :", ":").replace(" %", "%"),
    lambda quote: quote.replace("-", "\u2013"),
    lambda quote: quote.replace("ti", "t\u00adi"),
]


def test_real_sentences_are_found_in_another_type_and_not_with_another_word(shared: Path) -> None:
    drawn = Random(5)
    articles = json.loads((shared / "data" / "retrieval-piaf-fr" / "piaf-v1.1.json").read_text("utf-8"))[
        "data"
    ]
    texts = [paragraph["context"] for article in articles for paragraph in article["paragraphs"]]
    for text in drawn.sample(texts, 300):
        start, end = drawn.choice(sentences(text, "fr"))
        quote = text[start:end]
        words = list(re.finditer(r"\w+", quote))
        if not words:
            continue
        reset = drawn.sample(RESET, 4)
        span = find_quote(_all(reset, quote), text)
        assert span is not None, quote
        assert _letters(text[slice(*span)]) == _letters(quote)
        word = drawn.choice(words)
        other = str(int(word[0]) + 1) if word[0].isdecimal() else drawn.choice(["jamais", "autre", "tous"])
        changed = quote[: word.start()] + other + quote[word.end() :]
        assert changed in text or word[0] == other or find_quote(_all(reset, changed), text) is None, changed


def _all(changes: list[Callable[[str], str]], quote: str) -> str:
    for change in changes:
        quote = change(quote)
    return quote


def test_the_words_of_a_question_are_shown_where_they_stand() -> None:
    text = "L\u2019indemnité des salariés : 1 000 € (ISO-27001)."
    terms = question_terms("indemnites salarié 1000 27001")
    assert [text[start:end] for start, end in highlights(text, terms, "fr")] == [
        "indemnité",
        "salariés",
        "1 000",
        "ISO-27001",
    ]
    assert highlights(text, [], "fr") == []
