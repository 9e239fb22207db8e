import sys
from unicodedata import category

from counterpoint.knowledge.answers.tokens import find, fold, phrases, tokens


def test_accents_great_letters_and_apostrophes_do_not_matter() -> None:
    assert fold("Élève d\u2019Œuvre") == "eleve d'oeuvre"


def test_numbers_elisions_and_dates_are_pieces_of_their_own() -> None:
    pieces = tokens("L'accord du 12/05/2019 : 1 200,50 €, jusqu'à 24h.")
    assert [(piece.kind, piece.folded) for piece in pieces] == [
        ("word", "l'"),
        ("word", "accord"),
        ("word", "du"),
        ("date", "12/05/2019"),
        ("mark", ":"),
        ("number", "1 200,50"),
        ("sign", "€"),
        ("mark", ","),
        ("word", "jusqu'"),
        ("word", "a"),
        ("number", "24"),
        ("word", "h"),
        ("mark", "."),
    ]


def test_every_sign_of_money_is_a_sign() -> None:
    money = [chr(code) for code in range(sys.maxunicode + 1) if category(chr(code)) == "Sc"]
    assert [piece.kind for piece in tokens(" ".join(money))] == ["sign"] * len(money)


def test_signs_that_compare_stand_before_what_they_compare() -> None:
    assert [piece.folded for piece in tokens("x >= 5, y<€3, <b> -> 4") if piece.kind == "sign"] == [
        ">=",
        "<",
        "€",
    ]


def test_pieces_stand_where_they_were_written() -> None:
    text = "It isn't the children's 2,000."
    assert [text[piece.start : piece.end] for piece in tokens(text)] == [
        "It", "isn't", "the", "children's", "2,000", ".",
    ]  # fmt: skip


def test_the_longest_phrase_counts() -> None:
    wanted = phrases({"less": ["moins"], "at_least": ["au moins"]})
    assert find(tokens("au moins deux, moins cher"), wanted) == [(0, 2, "at_least"), (4, 5, "less")]
