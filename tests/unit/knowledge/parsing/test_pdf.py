import pytest

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing import pdf
from counterpoint.knowledge.parsing.outcome import DAMAGED, NO_OCR, PAGES_WITHOUT_TEXT, UnreadableError
from counterpoint.knowledge.parsing.soundness import sound
from tests.office import making

LINE = "Words that fill the whole width of the page, or nearly."


def blocks(parsed: Parsed) -> list[tuple[str, int, int | None, str]]:
    assert sound(parsed)
    return [
        (block.kind, block.level, block.page, parsed.text[block.start : block.end]) for block in parsed.blocks
    ]


def test_a_page_is_read_with_headings_paragraphs_and_boxes() -> None:
    page = [(60, 80, 24, "Big title"), (60, 120, 16, "A part"), (60, 150, 11, LINE), (60, 163, 11, "The know-"),
            (60, 176, 11, "ledge (of é) ends.")]  # fmt: skip
    parsed = pdf.read(making.pdf(page))
    assert blocks(parsed) == [
        ("heading", 1, 1, "Big title"),
        ("heading", 2, 1, "A part"),
        ("paragraph", 0, 1, f"{LINE} The knowledge (of é) ends."),
    ]
    assert (parsed.pages, parsed.title) == (1, "Big title")
    title = parsed.lines[0]
    assert parsed.text[title.start : title.end] == "Big title"
    assert title.box.page == 1
    assert 0.09 < title.box.left < 0.11
    assert 0.07 < title.box.top < title.box.bottom < 0.12


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_turned_has_its_boxes_where_they_are_seen(rotate: int) -> None:
    parsed = pdf.read(making.pdf([(60, 80, 24, "Title")], rotate=rotate))
    assert sound(parsed)
    left, top, right, bottom = {
        90: (0.87, 0.1, 0.93, 0.25),
        180: (0.75, 0.87, 0.92, 0.94),
        270: (0.06, 0.75, 0.13, 0.92),
    }[rotate]
    box = parsed.lines[0].box
    assert left - 0.03 < box.left < box.right < right + 0.03
    assert top - 0.03 < box.top < box.bottom < bottom + 0.03


def test_what_repeats_on_every_page_is_left_out() -> None:
    pages = [
        [
            (60, 30, 9, "Company secret"),
            (60, 100, 11, f"This is page {word}."),
            (300, 780, 9, f"Page {number} of 4"),
        ]
        for number, word in enumerate(("one", "two", "three", "four"), 1)
    ]
    parsed = pdf.read(making.pdf(*pages))
    assert parsed.text == "\n\n".join(f"This is page {word}." for word in ("one", "two", "three", "four"))
    assert [block.page for block in parsed.blocks] == [1, 2, 3, 4]


def test_a_table_keeps_its_cells_and_their_boxes() -> None:
    rows = [("Fruit", "Price"), ("Apple", "1.50"), ("Pear", "2.00"), ("Plum", "3.00")]
    page = [
        (60 + 200 * c, 100 + 15 * r, 11, text) for r, row in enumerate(rows) for c, text in enumerate(row)
    ]
    parsed = pdf.read(making.pdf(page))
    assert blocks(parsed) == [("table", 0, 1, "Fruit | Price\nApple | 1.50\nPear | 2.00\nPlum | 3.00")]
    assert [parsed.text[line.start : line.end] for line in parsed.lines][:4] == [
        "Fruit",
        "Price",
        "Apple",
        "1.50",
    ]


def test_bold_lines_alone_are_headings() -> None:
    parsed = pdf.read(making.pdf([(60, 100, 11, "Conclusion")], bold=True))
    assert blocks(parsed) == [("heading", 1, 1, "Conclusion")]


def test_a_page_without_text_is_said_to_be_where_there_is_no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_has_ocr", lambda: False)
    drawn = making.pdf([(60, 80, 24, "x")], [(60, 80, 24, "Title")]).replace(
        b"(x) Tj", b"ET 9 9 99 99 re f BT"
    )
    parsed = pdf.read(drawn)
    assert (parsed.text, parsed.remarks) == ("Title", (PAGES_WITHOUT_TEXT,))
    with pytest.raises(UnreadableError) as caught:
        pdf.read(making.pdf([(60, 80, 24, "x")]).replace(b"(x) Tj", b"ET 9 9 99 99 re f BT"))
    assert caught.value.outcome.reason == NO_OCR


def test_a_title_that_a_program_made_up_is_none() -> None:
    page = [(60, 80, 24, "Real title"), (60, 120, 11, LINE)]
    for title, found in (("(anonymous)", "Real title"), ("Microsoft Word - Plan", "Plan")):
        assert pdf.read(making.pdf(page, title=title)).title == found


def test_what_is_no_pdf_is_damaged() -> None:
    with pytest.raises(UnreadableError) as caught:
        pdf.read(b"%PDF-1.7 and nothing more")
    assert caught.value.outcome.reason == DAMAGED
