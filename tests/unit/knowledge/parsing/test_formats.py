import pytest

from counterpoint.knowledge.parsing.formats import formats_of, pattern_of
from tests.office.making import row, workbook


@pytest.mark.parametrize(
    ("code", "pattern"),
    [
        ("General", ""),
        ("0", "0"),
        ("0.00", "2"),
        ("0%", "0%"),
        ("0.0%;[Red]-0.0%", "1%"),
        ('#,##0.00\\ "€"', "2"),
        ("[$-409]yyyy-mm-dd", ""),
        ("#,##0,", ""),
        ("0.00E+00", ""),
        ("# ?/?", ""),
        ("0.##", ""),
        ("@", ""),
    ],
)
def test_of_a_format_only_what_is_sure_is_kept(code: str, pattern: str) -> None:
    assert pattern_of(code) == pattern


def test_cells_with_a_format_are_found() -> None:
    rows = [row(1, A="0.5;1", B=0.5, C="text"), row(12, AB="3;2")]
    formats = formats_of(workbook({"S": rows}, formats=["0%", "0.00"]))
    assert formats.of_sheet("S") == {(0, 0): "0%", (11, 27): "2"}
    assert formats.of_sheet("T") == {}


def test_of_other_files_nothing_is_known() -> None:
    assert formats_of(b"\xd0\xcf").of_sheet("S") == {}
    assert formats_of(b"PK\x03\x04").of_sheet("S") == {}
