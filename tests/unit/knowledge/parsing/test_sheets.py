from datetime import date, datetime, time, timedelta

import pytest

from counterpoint.knowledge.parsing import sheets
from counterpoint.knowledge.parsing.outcome import DAMAGED, SHEETS_CUT, UnreadableError
from counterpoint.knowledge.parsing.sheets import Value, cell_name, read, shown
from counterpoint.knowledge.parsing.soundness import sound
from tests.office.making import archive, row, workbook


def test_areas_of_a_sheet_are_tables_whose_cells_have_names() -> None:
    rows = [
        row(1, B="Prices"),
        row(3, B="Fruit", D="Euros"),
        row(4, B="Apple", D=1.5),
        row(5, B="Pear", D=2.0),
    ]
    parsed = read(workbook({"List & more": rows, "Empty": ()}))
    assert sound(parsed)
    assert parsed.text == "List & more\n\nPrices\n\nFruit | Euros\nApple | 1.5\nPear | 2"
    heading, single, table = parsed.blocks
    assert (heading.kind, single.kind, table.kind) == ("heading", "paragraph", "table")
    assert {block.sheet for block in parsed.blocks} == {"List & more"}
    assert (single.range, table.range) == ("B1", "B3:D5")
    assert [cell.name for cell in table.cells] == ["B3", "D3", "B4", "D4", "B5", "D5"]
    assert [cell.column for cell in table.cells] == [0, 1, 0, 1, 0, 1]


def test_cells_keep_their_names_and_formats_wherever_a_sheet_begins() -> None:
    rows = [row(5, C="x", D="0.5;1"), row(6, C="z", D="w"), row(9, E="alone")]
    table, single = read(workbook({"S": rows}, formats=["0%"])).blocks[1:]
    assert (table.range, single.range) == ("C5:D6", "E9")
    assert [cell.name for cell in table.cells] == ["C5", "D5", "C6", "D6"]
    assert read(workbook({"S": rows}, formats=["0%"])).text == "S\n\nx | 50%\nz | w\n\nalone"


def test_tables_beside_each_other_are_two_unless_they_share_their_rows() -> None:
    apart = [row(1, A="a", B="b"), row(2, A="1", B="2", D="c", E="d"), row(3, D="3", E="4")]
    assert [block.range for block in read(workbook({"S": apart})).blocks[1:]] == ["A1:B2", "D2:E3"]
    one = [row(1, A="a", B="b", D="c", E="d"), row(2, A="1", B="2", D="3", E="4")]
    assert [block.range for block in read(workbook({"S": one})).blocks[1:]] == ["A1:E2"]


def test_numbers_read_as_their_formats_show_them() -> None:
    rows = [row(1, A="0.125;1", B="1234.5;2", C=0.1 + 0.2, D="45000;3")]
    parsed = read(workbook({"S": rows}, formats=["0.0%", "#,##0.00 €", "yyyy-mm-dd"]))
    assert parsed.text == "S\n\n12.5% | 1234.50 | 0.3 | 2023-03-15"


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (True, "", "TRUE"),
        (3.0, "", "3"),
        (3.14159, "", "3.14159"),
        (1e20, "", "1e+20"),
        (float("nan"), "", ""),
        (0.5, "0%", "50%"),
        (2.0, "2", "2.00"),
        (datetime(2024, 3, 1), "", "2024-03-01"),  # noqa: DTZ001 - a sheet has no zones
        (datetime(2024, 3, 1, 14, 30), "", "2024-03-01 14:30"),  # noqa: DTZ001 - a sheet has no zones
        (datetime(2024, 3, 1, 14, 30, 5, 9), "", "2024-03-01 14:30:05"),  # noqa: DTZ001 - a sheet has no zones
        (date(2024, 3, 1), "", "2024-03-01"),
        (time(9, 5), "", "09:05"),
        (timedelta(hours=30, minutes=2), "", "30:02"),
        (-timedelta(seconds=61), "", "-0:01:01"),
        ("text", "", "text"),
    ],
)
def test_a_value_is_shown_as_a_reader_sees_it(value: Value, style: str, text: str) -> None:
    assert shown(value, style) == text


def test_cells_have_the_names_that_sheets_give_them() -> None:
    assert [cell_name(row, column) for row, column in ((0, 0), (3, 25), (9, 26), (0, 16383))] == [
        "A1",
        "Z4",
        "AA10",
        "XFD1",
    ]


def test_large_sheets_are_read_in_part_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(number, A="x", B="y") for number in range(1, 21)]
    monkeypatch.setattr(sheets, "MOST_CELLS", 11)
    parsed = read(workbook({"S": rows, "T": rows}))
    assert parsed.remarks == (SHEETS_CUT,)
    assert parsed.text.count("x | y") == 5
    monkeypatch.setattr(sheets, "MOST_AREA", 39)
    assert read(workbook({"S": rows})).text == ""


def test_what_is_no_workbook_is_damaged() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(archive({"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "<Types/>"}))
    assert caught.value.outcome.reason == DAMAGED
