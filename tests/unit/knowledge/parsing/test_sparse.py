import pytest

from counterpoint.knowledge.parsing import sparse
from counterpoint.knowledge.parsing.outcome import DAMAGED, PARTS_DAMAGED, SHEETS_CUT, UnreadableError
from counterpoint.knowledge.parsing.sheets import read
from counterpoint.knowledge.parsing.soundness import sound
from counterpoint.knowledge.parsing.sparse import drawn_together
from tests.office.making import row, workbook


def test_a_cell_in_the_last_corner_costs_no_more_than_itself() -> None:
    rows = [
        row(1, A="Fruit", C="0.125;1"),
        row(2, A="Pear", C="45000;2"),
        row(4, A="Below"),
        row(1048576, XFC="0.5;1", XFD="Far"),
    ]
    data = workbook({"Near": [row(2, B="x", C="y")], "S": rows}, formats=["0.0%", "yyyy-mm-dd"])
    parsed = read(data)
    assert sound(parsed)
    assert parsed.text == "Near\n\nx | y\n\nS\n\nFruit | 12.5%\nPear | 2023-03-15\n\nBelow\n\n50.0% | Far"
    assert [block.range for block in parsed.blocks if block.range] == [
        *("B2:C2", "A1:C2", "A4", "XFC1048576:XFD1048576"),
    ]
    assert [cell.name for cell in parsed.blocks[-1].cells] == ["XFC1048576", "XFD1048576"]
    assert parsed.remarks == ()


def test_cells_that_do_not_say_where_they_stand_follow_each_other() -> None:
    rows = [
        '<row r="3"><c t="inlineStr"><is><t>a</t></is></c><c><v>5</v></c><c r="E3" s="1"/></row>',
        "<row><c/><c><v>7</v></c></row>",
        row(1048576, XFD="Far"),
    ]
    parsed = read(workbook({"S": rows}))
    assert parsed.text == "S\n\na | 5\n | 7\n\nFar"
    assert [cell.name for cell in parsed.blocks[1].cells] == ["A3", "B3", "B4"]


def test_formats_without_values_reach_nowhere() -> None:
    rows = [row(1, A="x", B="y"), '<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>']
    assert read(workbook({"S": rows})).text == "S\n\nx | y"


def test_a_workbook_whose_cells_stand_together_is_as_it_was() -> None:
    data = workbook({"S": [row(1, A="x"), row(1000, ZZ="y")]})
    assert drawn_together(data, {"S": "xl/worksheets/sheet1.xml", "T": "nowhere"}) == (data, {})


def test_what_is_scattered_too_far_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparse, "MOST_AREA", 8)
    columns = ("A", "D", "G", "J")
    rows = [row(number, **{column: column}) for number, column in enumerate(columns, 1)]
    parsed = read(workbook({"S": rows}))
    assert (parsed.text, parsed.remarks) == ("S\n\nA\n | D", (SHEETS_CUT,))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1" t="e"><v>#SPILL!</v></c>',
        '<c r="B1" t="s"><v>99</v></c>',
        '<c r="B1" t="other"><v>1</v></c>',
        '<c r="B1" ',
    ],
)
def test_a_cell_that_cannot_be_read_takes_no_other_with_it(cell: str) -> None:
    text = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    first = f'<row r="7">{text.format("A7", "good")}<c r="C7" t="s"><v>0</v></c></row>'
    parsed = read(workbook({"S": [first, f'<row r="9">{cell}'], "T": [row(1, A="x")]}, strings=["fine"]))
    assert (parsed.text, parsed.remarks) == ("S\n\ngood | fine\n\nT\n\nx", (PARTS_DAMAGED,))
    assert [each.name for each in parsed.blocks[1].cells] == ["A7", "C7"]


def test_a_sheet_of_which_most_cannot_be_read_is_damaged() -> None:
    cells = "".join(f'<c r="{column}1" t="s"><v>99</v></c>' for column in "ABC")
    with pytest.raises(UnreadableError) as caught:
        read(workbook({"S": [f'<row r="1">{cells}<c r="D1"><v>1</v></c></row>']}))
    assert caught.value.outcome.reason == DAMAGED
