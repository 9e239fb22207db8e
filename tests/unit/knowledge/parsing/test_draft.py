from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.documents import Box
from counterpoint.knowledge.parsing.draft import Draft, clean, clean_code, on_one_line
from counterpoint.knowledge.parsing.outcome import CUT
from counterpoint.knowledge.parsing.soundness import faults

TEXTS = st.text(max_size=40)
ROWS = st.lists(st.lists(TEXTS, max_size=5), max_size=6)
PLACES = st.lists(st.tuples(TEXTS, st.just(Box(1, 0, 0, 1, 1))), max_size=6)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["heading", "paragraph", "item", "code", "note"]), TEXTS),
            st.tuples(st.just("table"), ROWS),
            st.tuples(st.just("lines"), PLACES),
            st.tuples(st.just("placed"), st.lists(st.lists(PLACES, max_size=3), max_size=4)),
            st.tuples(st.just("cell"), TEXTS),
        ),
        max_size=12,
    ),
    st.integers(20, 400),
)
def test_whatever_is_added_every_offset_holds(added: list[tuple[str, object]], most: int) -> None:
    draft = Draft(most)
    draft.pages = 1
    for what, content in added:
        match what:
            case "table":
                draft.add_table(content, page=1)  # type: ignore[arg-type]
            case "lines":
                draft.add_lines("paragraph", content, page=1)  # type: ignore[arg-type]
            case "placed":
                draft.add_placed_table(content, page=1)  # type: ignore[arg-type]
            case "cell":
                draft.add_cell(str(content), name="B4", sheet="One")
            case _:
                draft.add(what, str(content), page=1)  # type: ignore[arg-type]
    parsed = draft.finish()
    assert list(faults(parsed)) == []
    assert len(parsed.text) <= most
    for block in parsed.blocks:
        assert parsed.text[block.start : block.end].strip()


def test_a_table_has_a_line_for_each_row_and_knows_its_cells() -> None:
    draft = Draft()
    draft.add("paragraph", "Before.")
    draft.add_table(
        [["Name", "Price\nin euros"], ["", ""], ["Tea", "3.50", ""]],
        sheet="S",
        range="A1:B3",
        names=[["A1", "B1"], ["A2", "B2"], ["A3", "B3", "C3"]],
    )
    parsed = draft.finish()
    assert parsed.text == "Before.\n\nName | Price in euros\nTea | 3.50"
    table = parsed.blocks[1]
    assert [(parsed.text[c.start : c.end], c.row, c.column, c.name) for c in table.cells] == [
        ("Name", 0, 0, "A1"),
        ("Price in euros", 0, 1, "B1"),
        ("Tea", 1, 0, "A3"),
        ("3.50", 1, 1, "B3"),
    ]


def test_lines_become_a_paragraph_and_keep_their_places() -> None:
    draft = Draft()
    draft.pages = 1
    boxes = [Box(1, 0.1, top, 0.9, top + 0.1) for top in (0.1, 0.2, 0.3, 0.4)]
    lines = ["What is know-", "ledge? The Franco-", "German table", "says."]
    draft.add_lines("paragraph", list(zip(lines, boxes, strict=True)), page=1)
    parsed = draft.finish()
    assert parsed.text == "What is knowledge? The Franco-German table says."
    assert [parsed.text[line.start : line.end] for line in parsed.lines] == [
        "What is know",
        "ledge? The Franco-",
        "German table",
        "says.",
    ]
    assert [line.box for line in parsed.lines] == boxes


def test_the_cells_of_a_page_keep_their_places() -> None:
    draft = Draft()
    draft.pages = 1
    box, other = Box(1, 0, 0, 0.5, 0.5), Box(1, 0.5, 0, 1, 0.5)
    draft.add_placed_table([[[("Tea", box)], [("3.50", other), ("euros", other)]]], page=1)
    parsed = draft.finish()
    assert [(parsed.text[line.start : line.end], line.box) for line in parsed.lines] == [
        ("Tea", box),
        ("3.50", other),
        ("euros", other),
    ]


def test_what_is_too_long_is_cut_and_said_to_be() -> None:
    draft = Draft(most=40)
    draft.add("paragraph", "A sentence that fits.")
    draft.add("paragraph", "Another that does not fit.")
    parsed = draft.finish()
    assert parsed.text == "A sentence that fits.\n\nAnother that"
    assert parsed.remarks == (CUT,)


def test_a_table_that_is_too_long_keeps_its_first_rows() -> None:
    draft = Draft(most=30)
    draft.add_table([["one", "1"], ["two", "2"], ["three", "3"], ["four", "4"]])
    draft.add("paragraph", "After.")
    parsed = draft.finish()
    assert parsed.text == "one | 1\ntwo | 2\nthree | 3"
    assert parsed.remarks == (CUT,)


def test_what_nobody_sees_is_taken_out() -> None:
    assert clean("a\u00ad\u200bb\x00\r\n\r\n  c\u00a0\t d\ud800") == "ab\nc d"
    assert clean("e\u0301te\u0301") == "été"
    assert clean_code("\tif x:\r\n    y\x07 \n\n\n") == "\tif x:\n    y"
    assert on_one_line(" a \n b ") == "a b"


def test_the_first_heading_is_the_title_of_what_has_none() -> None:
    draft = Draft()
    draft.add("paragraph", "Preface")
    draft.add("heading", "The\nname", level=1)
    assert draft.finish().title == "The name"
    draft.title = "Its own"
    assert draft.finish().title == "Its own"


def test_attachments_and_remarks_are_said_once() -> None:
    draft = Draft()
    draft.attach("a.pdf")
    draft.attach("a.pdf")
    draft.remark(CUT)
    draft.remark(CUT)
    parsed = draft.finish()
    assert (parsed.attachments, parsed.remarks) == (("a.pdf",), (CUT,))
