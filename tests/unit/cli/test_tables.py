from hypothesis import given
from hypothesis import strategies as st

from counterpoint.cli.tables import Column, layout, printable, span

NAME, NOTE = Column("Name", whole=True), Column("Note")


def test_a_table_that_fits_is_a_table() -> None:
    assert layout([NAME, Column("N", right=True)], [["a", "1"], ["bb", "22"]], 80) == [
        "Name   N",
        "a      1",
        "bb    22",
    ]


def test_prose_wraps_and_names_do_not() -> None:
    lines = layout([NAME, NOTE], [["mistral/small-2506", "served in the European Union"]], 40)
    assert lines == [
        "Name                Note",
        "mistral/small-2506  served in the",
        "                    European Union",
    ]


def test_what_does_not_fit_becomes_a_block() -> None:
    row = ["accounts/a-host/models/a-very-long-name", "01a2000a-322b-7bfc-82e7-5815b46c0cae", ""]
    assert layout([NAME, Column("Id", whole=True), NOTE], [row, row], 50) == [
        "accounts/a-host/models/a-very-long-name",
        "  Id    01a2000a-322b-7bfc-82e7-5815b46c0cae",
        "",
        "accounts/a-host/models/a-very-long-name",
        "  Id    01a2000a-322b-7bfc-82e7-5815b46c0cae",
    ]


def test_a_name_cannot_command_the_terminal() -> None:
    assert printable("a\x1b[2Jb\n") == "a\ufffd[2Jb\ufffd"


def test_wide_and_combining_letters_take_their_cells() -> None:
    assert span("模型") == 4
    assert span("e\u0301") == 1


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="abc/-0", min_size=1, max_size=60),
            st.text(alphabet="de éf", max_size=80),
            st.text(alphabet="0123", max_size=12),
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(20, 120),
)
def test_whole_cells_are_never_cut_and_no_line_is_too_long_for_nothing(
    rows: list[tuple[str, str, str]], width: int
) -> None:
    lines = layout([NAME, NOTE, Column("N", right=True)], rows, width)
    for name, note, _ in rows:
        assert any(name in line for line in lines)
        for word in note.split():
            assert any(word in line for line in lines)
    for line in lines:
        assert span(line) <= width or any(len(word) + 8 > width - 8 for word in line.split())


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=90)), min_size=1, max_size=4))
def test_a_pipe_gets_one_line_per_row(rows: list[tuple[str, str]]) -> None:
    assert len(layout([NAME, NOTE], rows, None)) == len(rows) + 1
