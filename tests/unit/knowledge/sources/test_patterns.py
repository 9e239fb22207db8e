import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.sources.patterns import matches, wanted


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.pdf", "a.pdf", True),
        ("*.pdf", "deep/below/a.PDF", True),
        ("*.pdf", "a.pdf.txt", False),
        ("Board/*", "board/minutes.md", True),
        ("Board/*", "Board/2024/minutes.md", False),
        ("Board/**", "Board/2024/minutes.md", True),
        ("Board/", "Board/2024/minutes.md", True),
        ("**/draft-?.md", "draft-1.md", True),
        ("**/draft-?.md", "x/y/draft-1.md", True),
        ("**/draft-?.md", "x/y/draft-12.md", False),
        ("**", "anything/at/all", True),
        ("a+b.txt", "a+b.txt", True),
        ("a+b.txt", "aab.txt", False),
    ],
)
def test_what_is_meant(pattern: str, path: str, fits: bool) -> None:
    assert matches(pattern, path) is fits


@given(st.text("ab/*?.[(", max_size=12), st.text("ab/.", max_size=12))
def test_any_text_is_a_pattern(pattern: str, path: str) -> None:
    matches(pattern, path)


def test_without_patterns_everything_is_wanted() -> None:
    assert wanted("a.md", (), ())
    assert not wanted("a.md", ("*.pdf",), ())
    assert not wanted("a.pdf", ("*.pdf",), ("a.*",))
