from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.parsing.layout import MOST_RUNS, Piece, Run, pieces_of


def run(
    text: str, left: float, top: float, width: float | None = None, size: float = 10, *, bold: bool = False
) -> Run:
    return Run(
        text, left, top, left + (len(text) * size * 0.5 if width is None else width), top + size, size, bold
    )


def said(pieces: list[Piece]) -> list[str]:
    return [
        piece.text
        if piece.lines
        else " / ".join(",".join(" ".join(r.text for r in c) for c in row) for row in piece.rows)
        for piece in pieces
    ]


LINE = "words that fill the whole width of a column"


def test_lines_close_together_are_a_paragraph() -> None:
    runs = [run(LINE, 50, 100), run(LINE, 50, 112), run("the end.", 50, 124), run(LINE, 50, 150)]
    assert said(pieces_of(runs)) == [f"{LINE} {LINE} the end.", LINE]


def test_a_sentence_that_ends_early_ends_its_paragraph() -> None:
    runs = [run(LINE, 50, 100), run("the end.", 50, 112), run(LINE, 50, 124)]
    assert said(pieces_of(runs)) == [f"{LINE} the end.", LINE]


def test_columns_are_read_one_after_the_other_below_what_spans_them() -> None:
    runs = [run("A title over both columns of the page", 50, 40, 460, size=18)]
    for number in range(8):
        runs += [run(f"left {number} {LINE}", 50, 80 + 12 * number, 215)]
        runs += [run(f"right {number} {LINE}", 290, 80 + 12 * number, 215)]
    text = said(pieces_of(runs))
    assert text[0].startswith("A title")
    whole = " ".join(text)
    assert whole.index("left 7") < whole.index("right 0")


def test_what_stands_below_each_other_in_rows_is_a_table() -> None:
    rows = [("Fruit", "Price", "Stock"), ("Apple", "1.50", "20"), ("Pear", "", "7"), ("Plum", "3.00", "5")]
    runs = [
        run(text, 50 + 120 * column, 100 + 14 * number)
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
        if text
    ]
    assert said(pieces_of([run("Before it a line of text.", 50, 60), *runs])) == [
        "Before it a line of text.",
        "Fruit,Price,Stock / Apple,1.50,20 / Pear,,7 / Plum,3.00,5",
    ]


def test_a_list_is_no_table() -> None:
    runs = [
        each
        for number in range(5)
        for each in (run("•", 50, 100 + 14 * number), run(LINE, 80, 100 + 14 * number))
    ]
    pieces = pieces_of(runs)
    assert [piece.item for piece in pieces] == [True] * 5
    assert said(pieces)[0] == f"• {LINE}"


def test_larger_and_fatter_letters_stand_alone() -> None:
    runs = [
        run("Heading", 50, 100, size=14),
        run(LINE, 50, 116),
        run("Bold", 50, 128, bold=True),
        run(LINE, 50, 140),
    ]
    assert said(pieces_of(runs)) == ["Heading", LINE, "Bold", LINE]


def test_pieces_of_a_line_are_joined_where_they_touch() -> None:
    assert said(pieces_of([run("know", 50, 100, 20), run("ledge", 70, 100, 25), run("is", 98, 100, 10)])) == [
        "knowledge is"
    ]


@given(
    st.lists(
        st.builds(
            run,
            st.text(alphabet="ab •1.", min_size=1, max_size=30),
            st.integers(0, 500),
            st.integers(0, 700),
            st.integers(1, 500),
            st.integers(4, 30),
        ),
        max_size=60,
    )
)
def test_nothing_is_lost_and_nothing_is_read_twice(runs: list[Run]) -> None:
    letters = sorted("".join(run.text for run in runs).replace(" ", ""))
    found = [line.text for piece in pieces_of(runs) for line in piece.lines]
    found += [line.text for piece in pieces_of(runs) for row in piece.rows for cell in row for line in cell]
    assert sorted("".join(found).replace(" ", "")) == letters


def test_a_drawing_with_a_great_many_pieces_keeps_its_order() -> None:
    runs = [run("x", number % 100, number // 100) for number in range(MOST_RUNS + 1)]
    assert len(pieces_of(runs)) == MOST_RUNS + 1
