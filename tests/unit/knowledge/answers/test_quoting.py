import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.answers.port import Evidence
from counterpoint.knowledge.answers.quoting import quoted
from counterpoint.knowledge.documents import Block, Parsed
from counterpoint.knowledge.passages import passages_of
from tests.unit.knowledge.answers.passages import evidence, nothing_kept

REMOTE = evidence(
    "Le télétravail est possible deux jours par semaine. Il doit être demandé quinze jours avant au responsable.\n\n"
    "Le remboursement des frais comprend :\n- les repas, jusqu'à 19 euros ;\n- le train ;\n- l'hôtel.",
    "remote",
    start=11,
)
PRICES = evidence("Ville | Hôtel\nParis | 150 euros\nLyon | 110 euros", "prices", table=True)


def _quotes(question: str) -> list[str]:
    return [claim.sentence for claim in quoted(question, [REMOTE, PRICES], nothing_kept)[0]]


def test_the_sentence_that_answers_is_quoted_word_for_word() -> None:
    claims, missing = quoted("Combien de jours de télétravail par semaine ?", [REMOTE, PRICES], nothing_kept)
    assert claims[0].sentence == "Le télétravail est possible deux jours par semaine."
    assert (claims[0].spans[0].start, claims[0].spans[0].end) == (11, 62)
    assert not missing


def test_a_sentence_that_a_pronoun_begins_brings_the_one_before() -> None:
    [quote] = _quotes("À qui demander quinze jours avant, le responsable ?")
    assert quote.startswith("Le télétravail")
    assert quote.endswith("responsable.")


def test_a_list_is_quoted_whole() -> None:
    [quote] = _quotes("Que comprend le remboursement des frais ?")
    assert quote.count("\n- ") == 3


def test_a_row_of_a_table_comes_with_its_header() -> None:
    claim = quoted("Quel prix pour un hôtel à Lyon ?", [PRICES], nothing_kept)[0][0]
    assert claim.sentence == "Ville | Hôtel\nLyon | 110 euros"
    assert [span.quote for span in claim.spans] == ["Ville | Hôtel", "Lyon | 110 euros"]


@pytest.mark.parametrize(
    "question", ["How long is the notice period?", "How many days of notice?", "How much notice, in days?"]
)
def test_words_that_only_ask_need_not_be_in_the_answer(question: str) -> None:
    handbook = evidence("The notice period is 30 days for everybody.", "handbook")
    claims, missing = quoted(question, [handbook], nothing_kept)
    assert [claim.sentence for claim in claims] == ["The notice period is 30 days for everybody."]
    assert not missing


def test_what_the_documents_do_not_say_is_not_answered() -> None:
    assert quoted("Quelle est la capitale du Pérou ?", [REMOTE, PRICES], nothing_kept) == ([], [])
    assert quoted("Quelle est la capitale du Pérou ?", [], nothing_kept) == ([], [])


def _long_table() -> tuple[Parsed, list[Evidence]]:
    """A table of three passages."""
    text = "\n".join(
        ["Name | Grade | Salary", *(f"Person{each} | G{each % 5} | {1000 + each}" for each in range(150))]
    )
    parsed = Parsed(text, (Block("table", 0, len(text)),))
    pieces = passages_of(parsed, "pay", "v1")
    assert len(pieces) >= 3
    return parsed, [Evidence(piece, "Pay", "all") for piece in pieces]


@pytest.mark.parametrize("row", [0, 80, 149])
def test_a_row_far_down_a_long_table_comes_with_the_tables_header(row: int) -> None:
    parsed, pieces = _long_table()
    (claim,), _ = quoted(f"What is the salary of Person{row}?", pieces, lambda *_: parsed)
    assert [span.quote for span in claim.spans] == [
        "Name | Grade | Salary",
        f"Person{row} | G{row % 5} | {1000 + row}",
    ]
    assert all(parsed.text[span.start : span.end] == span.quote for span in claim.spans)


def test_the_first_row_of_a_later_piece_of_a_table_answers_like_any_other() -> None:
    parsed, pieces = _long_table()
    row = pieces[1].passage.text.split("\n")[0]
    question = f"What is the salary of {row.split(' | ')[0]}?"
    assert [span.quote for span in quoted(question, pieces, lambda *_: parsed)[0][0].spans][1:] == [row]
    assert [span.quote for span in quoted(question, pieces, nothing_kept)[0][0].spans] == [row]


def test_the_same_is_not_quoted_twice() -> None:
    copy = evidence(REMOTE.passage.text, "copy")
    claims = quoted("Combien de jours de télétravail par semaine ?", [REMOTE, copy], nothing_kept)[0]
    assert len({claim.sentence for claim in claims}) == len(claims)


_TEXT = st.text(st.sampled_from("abcdeé 0123.:;|-?\n'"), min_size=1, max_size=160)


@given(_TEXT, st.lists(_TEXT, min_size=1, max_size=3))
def test_every_quotation_is_there(question: str, texts: list[str]) -> None:
    found = [evidence(text, str(number), start=5) for number, text in enumerate(texts)]
    for claim in quoted(question, found, nothing_kept)[0]:
        assert claim.state == "supported"
        for span in claim.spans:
            text = texts[int(span.document)]
            assert text[span.start - 5 : span.end - 5] == span.quote
