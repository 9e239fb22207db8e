"""Sentences are cut where a reader would cut, and nothing is lost between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.text.splitting import sentences


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ["M. Dupont et Mme. Durand sont venus.", "Il a dit : « Bonjour. »", "Puis il est parti."]),
        ("fr", ["L\u2019art. L. 1234-5 s\u2019applique (p. ex. à Paris).", "Voilà !", "Pourquoi ?", "Fin"]),
        ("fr", ["Le taux est de 3.5 % en 2019.", "Il était de 3,2 % avant."]),
        ("fr", ["« Quoi ? » dit-il.", "J. Martin répondit…", "Rien."]),
        ("fr", ["Il vend des pommes, des poires, etc.", "Les prix sont bas."]),
        ("en", ["The U.S. Army came to the U.K. in 1944.", "It left."]),
        ("en", ["He moved to the U.S.", "The end."]),
        (
            "en",
            [
                "Dr. Who paid $3.5 million, e.g. for No. 5 of Acme Inc. shares.",
                '"Really?" he said.',
                "No.",
                "Yes!",
            ],
        ),
        ("en", ["He loves art.", "She does (too).", "See Fig. 3 for more."]),
        ("", ["M. Dupont came.", "Mr. Smith est parti."]),
    ],
)
def test_sentences_are_cut_where_a_reader_would(language: str, expected: list[str]) -> None:
    text = " ".join(expected)
    assert [text[start:end] for start, end in sentences(text, language)] == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["1. Premier point.", "Suite du point", "2. Second point", "- un tiret\nqui continue", "• autre"],
        ["Nom | Prix", "Pomme | 3. Une", "Poire | 2"],
        ["# Titre", "> Une citation"],
    ],
)
def test_lines_of_lists_and_tables_stand_alone(expected: list[str]) -> None:
    text = "\n".join(expected).replace(".\nSuite", ". Suite")
    assert [text[start:end] for start, end in sentences(text, "fr")] == expected


def test_a_paragraph_ends_a_sentence_and_a_line_does_not() -> None:
    text = "Un titre\n\nUne phrase qui\nva à la ligne. Une autre"
    assert [text[start:end] for start, end in sentences(text, "fr")] == [
        "Un titre",
        "Une phrase qui\nva à la ligne.",
        "Une autre",
    ]


def test_texts_without_capitals_and_without_spaces_are_cut_too() -> None:
    small = "the company had revenue of 3 million. a deferred asset was established for it by the board. it expires."
    assert len(sentences(small, "en")) == 3
    stuck = "Voici des règles simples.Les mots de passe sont longs.Vous les changez. Node.js reste entier."
    assert len(sentences(stuck, "fr")) == 4


@given(
    st.text(alphabet=st.sampled_from("aB é.!?…»\"'\n\t\u00a0|-1)(«M:。"), max_size=120)
    | st.text(max_size=120)
)
def test_no_sign_is_lost(text: str) -> None:
    for language in ("fr", "en", ""):
        last = 0
        for start, end in sentences(text, language):
            assert last <= start < end
            assert not text[last:start].strip()
            assert text[start:end] == text[start:end].strip()
            last = end
        assert not text[last:].strip()


@pytest.mark.parametrize("run", [".", " ", "\n", "\u00bb", ". ", "\n \n a", "| ", "-\n"])
def test_long_runs_of_signs_take_no_longer_than_their_length(run: str) -> None:
    text = run * 100_000 + "fin"
    assert text[slice(*sentences(text, "fr")[-1])].endswith("fin")
