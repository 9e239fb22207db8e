"""Passages are true pieces of their document, along its structure, and all of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.knowledge.documents import Block, BlockKind, Box, Cell, Line, Parsed, Passage
from counterpoint.knowledge.passages import SIZE, context, passages_of

SENTENCE = "Le salarié doit prévenir son employeur avant la fin du mois. "


def document(
    *pieces: tuple[BlockKind, str, dict[str, object]], title: str = "Guide", lines: bool = False
) -> Parsed:
    """Blocks with two line ends between them, as parsers leave them."""
    text, blocks = "", []
    for kind, words, more in pieces:
        text += "\n\n" if text else ""
        start, end = len(text), len(text) + len(words)
        text += words
        blocks.append(Block(kind, start, end, **_cells(kind, words, start), **more))  # type: ignore[arg-type]
    own = (
        tuple(Line(block.start, block.end, Box(block.page or 1, 0, 0, 1, 1)) for block in blocks)
        if lines
        else ()
    )
    return Parsed(text, tuple(blocks), title=title, lines=own)


def _cells(kind: str, words: str, start: int) -> dict[str, tuple[Cell, ...]]:
    if kind != "table":
        return {}
    cells = []
    for row, line in enumerate(words.split("\n")):
        place = start
        for column, cell in enumerate(line.split(" | ")):
            cells.append(Cell(place, place + len(cell), row, column, f"{chr(65 + column)}{row + 1}"))
            place += len(cell) + 3
        start += len(line) + 1
    return {"cells": tuple(cells)}


def cut(parsed: Parsed, size: int = SIZE) -> tuple[Passage, ...]:
    return passages_of(parsed, "d", "v", size=size)


def test_a_passage_stands_below_its_titles() -> None:
    parsed = document(
        ("heading", "Congés", {"level": 1}),
        ("paragraph", "Cinq semaines.", {}),
        ("heading", "Maladie", {"level": 2}),
        ("paragraph", "Prévenir.", {}),
        ("heading", "Paie", {"level": 1}),
        ("paragraph", "Le 28.", {}),
    )
    assert [(passage.titles, passage.text) for passage in cut(parsed)] == [
        (("Guide", "Congés"), "Cinq semaines."),
        (("Guide", "Congés", "Maladie"), "Prévenir."),
        (("Guide", "Paie"), "Le 28."),
    ]
    assert context(cut(parsed)[1]) == "Guide\nCongés\nMaladie\nPrévenir."
    assert [passage.id for passage in cut(parsed)] == ["d.v.0", "d.v.1", "d.v.2"]


def test_a_title_with_nothing_below_it_is_found_and_the_documents_own_is_said_once() -> None:
    parsed = document(
        ("heading", "Guide", {"level": 1}),
        ("heading", "Télétravail", {"level": 2}),
        ("heading", "Paie", {"level": 2}),
        ("paragraph", "Le 28.", {}),
    )
    assert [(passage.titles, passage.text) for passage in cut(parsed)] == [
        (("Guide",), "Télétravail"),
        (("Guide", "Paie"), "Le 28."),
    ]


def test_paragraphs_stay_whole_and_long_ones_are_cut_between_sentences() -> None:
    parsed = document(*[("paragraph", SENTENCE.strip() * 1, {}) for _ in range(6)])
    assert all(passage.text.endswith("mois.") for passage in cut(parsed, 150))
    assert [len(passage.text.split("\n\n")) for passage in cut(parsed, 130)] == [2, 2, 2]
    long = document(("paragraph", (SENTENCE * 9).strip(), {}))
    assert [passage.text.count("mois.") for passage in cut(long, 200)] == [3, 3, 3]


def test_a_list_stays_with_what_introduces_it() -> None:
    parsed = document(
        ("paragraph", SENTENCE.strip(), {}),
        ("paragraph", "Sont exclus :", {}),
        ("item", "les stagiaires ;", {}),
        ("item", "les intérimaires.", {}),
    )
    assert [passage.text.splitlines()[0] for passage in cut(parsed, 80)] == [
        SENTENCE.strip(),
        "Sont exclus :",
    ]


def test_tables_are_whole_or_cut_between_rows_below_their_header() -> None:
    table = "Nom | Prix\nPomme | 3\nPoire | 2\nPrune | 1"
    parsed = document(
        ("paragraph", "Avant.", {}),
        ("caption", "Tableau 1", {}),
        ("table", table, {"range": "A1:B4", "sheet": ""}),
        ("paragraph", "Après.", {}),
    )
    whole = cut(parsed)
    assert [(passage.text, passage.table) for passage in whole] == [
        ("Avant.", False),
        (f"Tableau 1\n\n{table}", True),
        ("Après.", False),
    ]
    assert whole[1].range == "A1:B4"
    rows = [passage for passage in cut(parsed, 24) if passage.table]
    assert [(passage.text, passage.titles, passage.range) for passage in rows] == [
        ("Nom | Prix\nPomme | 3", ("Guide",), "A1:B2"),
        ("Poire | 2\nPrune | 1", ("Guide", "Nom | Prix"), "A3:B4"),
    ]


def test_sheets_and_slides_are_never_joined_and_pages_are() -> None:
    sheets = document(("table", "a | b", {"sheet": "Un"}), ("table", "c | d", {"sheet": "Deux"}))
    assert [passage.sheet for passage in cut(sheets)] == ["Un", "Deux"]
    slides: list[tuple[BlockKind, str, dict[str, object]]] = [
        ("paragraph", "Un.", {"page": 1}),
        ("note", "Dire.", {"page": 1}),
        ("paragraph", "Deux.", {"page": 2}),
    ]
    assert [(passage.page, passage.last_page) for passage in cut(document(*slides))] == [(1, 1), (2, 2)]
    assert [(passage.page, passage.last_page) for passage in cut(document(*slides, lines=True))] == [(1, 2)]


def test_a_passage_is_in_the_language_it_is_written_in() -> None:
    english = (
        "The employee must tell the employer before the end of the month, and this is what they do. " * 4
    )
    parsed = document(
        ("paragraph", (SENTENCE * 9).strip(), {}), ("heading", "E", {}), ("paragraph", english, {})
    )
    assert [passage.language for passage in cut(parsed)] == ["fr", "en"]
    short = document(
        ("paragraph", (SENTENCE * 9).strip(), {}), ("heading", "E", {}), ("paragraph", "The Who.", {})
    )
    assert [passage.language for passage in cut(short)] == ["fr", "fr"]


words = st.text(alphabet=st.sampled_from("ab .!:\n\u00a0|é"), min_size=1, max_size=90)
kinds: st.SearchStrategy[BlockKind] = st.sampled_from(
    ["heading", "paragraph", "item", "table", "code", "caption"]
)
block = st.tuples(
    kinds,
    words,
    st.fixed_dictionaries(
        {"level": st.integers(1, 3), "page": st.integers(1, 2), "sheet": st.sampled_from(["", "S"])}
    ),
)


@settings(max_examples=150)
@given(st.lists(block, max_size=9), st.integers(5, 80), st.booleans())
def test_passages_are_spans_in_order_and_hold_every_sign(
    pieces: list[tuple[BlockKind, str, dict[str, object]]], size: int, lines: bool
) -> None:
    parsed = document(*pieces, title="", lines=lines)
    seen: set[int] = set()
    last = 0
    for passage in cut(parsed, size):
        assert last <= passage.start < passage.end
        assert passage.text == parsed.text[passage.start : passage.end] == passage.text.strip()
        assert passage.end - passage.start <= max(size, 300)
        seen.update(range(passage.start, passage.end))
        last = passage.end
    titles = {title for passage in cut(parsed, size) for title in passage.titles}
    for one in parsed.blocks:
        text = parsed.text[one.start : one.end]
        if one.kind == "heading" and " ".join(text.split()) in titles:
            continue
        assert all(place in seen for place in range(one.start, one.end) if not parsed.text[place].isspace())
