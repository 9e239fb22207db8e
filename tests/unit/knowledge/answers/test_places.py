from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.answers.places import span_in, span_of
from counterpoint.knowledge.documents import Block, Box, Cell, Line, Parsed
from tests.unit.knowledge.answers.passages import evidence


def test_boxes_cover_the_share_of_the_lines_that_is_quoted() -> None:
    parsed = Parsed(
        "0123456789\nabcdefghij",
        (Block("paragraph", 0, 21, page=2),),
        lines=(Line(0, 10, Box(2, 0.1, 0.1, 0.6, 0.2)), Line(11, 21, Box(2, 0.1, 0.2, 0.6, 0.3))),
    )
    span = span_of(parsed, "d", "v", 5, 13)
    assert (span.quote, span.page) == ("56789\nab", 2)
    assert span.boxes == (Box(2, 0.35, 0.1, 0.6, 0.2), Box(2, 0.1, 0.2, 0.2, 0.3))


def test_cells_of_a_sheet_are_named() -> None:
    text = "Loyer | 900\nEau | 30"
    cells = (
        Cell(0, 5, 0, 0, "A1"),
        Cell(8, 11, 0, 1, "B1"),
        Cell(12, 15, 1, 0, "A2"),
        Cell(18, 20, 1, 1, "B2"),
    )
    parsed = Parsed(text, (Block("table", 0, 20, sheet="Frais", range="A1:B2", cells=cells),))
    row, one = span_of(parsed, "d", "v", 12, 20), span_of(parsed, "d", "v", 8, 11)
    assert (row.quote, row.sheet, row.cell) == ("Eau | 30", "Frais", "A2:B2")
    assert (one.quote, one.cell) == ("900", "B1")


def test_without_the_document_the_passage_says_where() -> None:
    span = span_in(evidence("Le préavis est long.", start=100).passage, 3, 10)
    assert (span.start, span.end, span.quote, span.page) == (103, 110, "préavis", 3)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6)), max_size=12),
    st.integers(0, 60),
    st.integers(1, 20),
)
def test_whatever_is_touched_is_found_and_nothing_else(
    shape: list[tuple[int, int]], start: int, length: int
) -> None:
    """As by looking at all of them, which takes too long in a book."""
    at, lines = 0, []
    for number, (gap, size) in enumerate(shape):
        lines.append(Line(at + gap, at + gap + size, Box(number + 1, 0.0, 0.0, 1.0, 1.0)))
        at += gap + size
    end = start + length
    blocks = tuple(Block("paragraph", line.start, line.end, sheet=str(line.box.page)) for line in lines)
    cells = tuple(Cell(line.start, line.end, 0, line.box.page, f"C{line.box.page}") for line in lines)
    touched = [line.box.page for line in lines if max(start, line.start) < min(end, line.end)]
    by_line = span_of(Parsed("x" * at, blocks, pages=len(lines), lines=tuple(lines)), "d", "v", start, end)
    assert [box.page for box in by_line.boxes] == touched
    assert by_line.sheet == (str(touched[0]) if touched else "")
    table = Parsed("x" * at, (Block("table", 0, at, cells=cells),) if at else ())
    first, _, last = span_of(table, "d", "v", start, end).cell.partition(":")
    assert (first, last or first) == ((f"C{touched[0]}", f"C{touched[-1]}") if touched else ("", ""))
