import pytest

from counterpoint.knowledge.documents import Block, Box, Cell, Line, Parsed
from counterpoint.knowledge.parsing.soundness import faults, sound

WHOLE = Box(1, 0, 0, 1, 1)


def test_a_document_that_keeps_its_promises_is_sound() -> None:
    blocks = (
        Block("paragraph", 0, 3, page=1),
        Block("table", 5, 14, cells=(Cell(5, 6, 0, 0), Cell(9, 10, 0, 1), Cell(11, 12, 1, 0))),
    )
    parsed = Parsed("abc\n\na | b\nccd", blocks, pages=1, lines=(Line(0, 3, WHOLE),))
    assert list(faults(parsed)) == []
    assert sound(Parsed("", ()))


@pytest.mark.parametrize(
    "parsed",
    [
        Parsed("abc", (Block("paragraph", 0, 4),)),
        Parsed("abc", (Block("paragraph", 0, 2),)),
        Parsed("abc", (Block("paragraph", 1, 3),)),
        Parsed("abc", (Block("paragraph", 2, 1),)),
        Parsed("ab\n\ncd", (Block("paragraph", 0, 5), Block("paragraph", 4, 6))),
        Parsed("ab cd", (Block("paragraph", 0, 2), Block("paragraph", 3, 5))),
        Parsed("abc", (Block("paragraph", 0, 3, page=2),), pages=1),
        Parsed("a | b", (Block("table", 0, 5, cells=(Cell(0, 1, 1, 0),)),)),
        Parsed("a\nb", (Block("table", 0, 3, cells=(Cell(2, 3, 0, 0),)),)),
        Parsed("a | b", (Block("table", 0, 5, cells=(Cell(4, 5, 0, 1), Cell(0, 1, 0, 0))),)),
        Parsed("abc", (Block("paragraph", 0, 3),), pages=1, lines=(Line(0, 4, WHOLE),)),
        Parsed("abc", (Block("paragraph", 0, 3),), pages=1, lines=(Line(1, 3, WHOLE), Line(0, 1, WHOLE))),
        Parsed("abc", (Block("paragraph", 0, 3),), pages=1, lines=(Line(0, 3, Box(2, 0, 0, 1, 1)),)),
        Parsed("abc", (Block("paragraph", 0, 3),), pages=1, lines=(Line(0, 3, Box(1, 0, 0, 1.5, 1)),)),
        Parsed(
            "abc", (Block("paragraph", 0, 3),), pages=1, lines=(Line(0, 3, Box(1, 0, float("nan"), 1, 1)),)
        ),
    ],
)
def test_a_broken_promise_is_found(parsed: Parsed) -> None:
    assert not sound(parsed)
