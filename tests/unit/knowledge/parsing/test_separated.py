import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.parsing.separated import delimiter_of, read
from counterpoint.knowledge.parsing.soundness import sound


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2", ","),
        ("a;b\n1,5;2", ";"),
        ("a\tb\n1\t2", "\t"),
        ("a|b\n1|2", "|"),
        ("a\nb", ","),
        ("", ","),
    ],
)
def test_cells_are_separated_by_what_separates_them(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_a_table_keeps_its_cells() -> None:
    parsed = read(b'Name;Note\n"Tea; green";"two\nlines"\n')
    assert sound(parsed)
    assert parsed.text == "Name | Note\nTea; green | two lines"
    assert [(cell.row, cell.column) for cell in parsed.blocks[0].cells] == [(0, 0), (0, 1), (1, 0), (1, 1)]


@given(st.binary(max_size=400))
def test_any_bytes_end_sound(data: bytes) -> None:
    assert sound(read(data))


def test_a_quotation_mark_that_never_closes_costs_no_time() -> None:
    data = b'a;b\n1;2\n"x;3\n' + b"4;5\n" * 40_000
    (table,) = read(data).blocks
    assert len(table.cells) == 2 * 40_003


def test_a_line_that_says_what_separates_is_no_row() -> None:
    assert read(b"sep=;\r\na;b,c\r\n1;2,5\r\n").text == "a | b,c\n1 | 2,5"
