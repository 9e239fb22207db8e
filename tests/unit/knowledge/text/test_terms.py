"""What a text is indexed by meets what people type."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.text.folding import folded
from counterpoint.knowledge.text.languages import language_of
from counterpoint.knowledge.text.terms import question_terms, stems_of, terms, tokens


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("la sécurité", "securite"),
        ("Les employées", "employe"),
        ("l\u2019égalité", "egalite"),
        ("jusqu\u2019à l\u2019échéance", "échéances"),
        ("œuvres", "oeuvre"),
        ("1\u202f000 €", "1000"),
        ("1 000 €", "1000"),
        ("1,000 cars", "1000"),
        ("3,5 %", "3.5"),
        ("article R. 4121-2", "R4121-2"),
        ("article R.\u00a04121-2", "article r4121-2"),
        ("L\u2019article L1234-5 du code", "l. 1234-5"),
        ("ISO-27001", "ISO 27001"),
        ("ISO-27001", "iso27001"),
        ("des e-mails", "email"),
        ("getUserName()", "user name"),
        ("parse_document", "document"),
        ("sous-traitants", "sous traitant"),
        ("porte-parole", "porteparole"),
        ("Que peut-il signer-t-il", "signer"),
        ("the company\u2019s policies", "policy"),
        ("in C++", "C++"),
        ("fin de contrat.Début", "début"),
        ("aujourd\u2019hui", "aujourd'hui"),
    ],
)
def test_texts_meet_questions(text: str, question: str) -> None:
    assert set(question_terms(question)) & set(terms(text, language_of(text)))
    assert set(question_terms(question)) & set(terms(text, ""))


def test_a_reference_is_itself_and_not_a_number_alike() -> None:
    assert "r4121-2" in terms("R. 4121-2", "fr")
    assert "41212" not in terms("R. 4121-2", "fr")
    assert not set(terms("1 000", "fr")) & set(terms("10 00", "fr")) - {"1", "000"}


def test_grammar_is_left_out() -> None:
    assert terms("Il est dans la maison avec elle", "fr") == terms("maison", "fr")
    assert terms("It is in the house with her", "en") == terms("house", "en")
    assert question_terms("le la les") == []
    assert question_terms("a") == []


def test_a_question_is_stemmed_for_both_languages_once_each() -> None:
    asked = question_terms("policies politiques policies")
    assert len(asked) == len(set(asked))
    assert set(terms("policies", "en")) <= set(asked)
    assert set(terms("politiques", "fr")) <= set(asked)


def test_threads_do_not_disturb_each_other() -> None:
    words = [
        f"{stem}{ending}"
        for stem in ("organis", "déclar", "travaill", "parl")
        for ending in ("ation", "er", "eurs")
    ]
    text = " ".join(words * 20)
    expected = terms(text, "fr")
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(lambda _: terms(text, "fr"), range(32)))


@given(st.text(max_size=200))
def test_any_text_has_terms_that_are_folded_and_tokens_where_they_stand(text: str) -> None:
    for language in ("fr", "en", ""):
        for term in terms(text, language):
            assert term
            assert not any(sign.isspace() for sign in term)
    last = 0
    for start, end, words in tokens(text):
        assert last <= start < end <= len(text)
        assert all(words)
        last = end


ACCENTED = [
    "sécurité",
    "employé",
    "employées",
    "congé",
    "été",
    "élève",
    "forêt",
    "naïf",
    "garçon",
    "œuvre",
    "règlement",
]


@given(st.lists(st.sampled_from(ACCENTED), max_size=6))
def test_french_without_accents_has_the_same_terms(words: list[str]) -> None:
    assert terms(" ".join(words), "fr") == terms(folded(" ".join(words)), "fr")


def test_stems_of_a_token_are_what_the_index_has() -> None:
    for _, _, words in tokens("Les organisations syndicales"):
        for word in words:
            assert set(stems_of(word, "fr")) <= set(terms("Les organisations syndicales", "fr"))
