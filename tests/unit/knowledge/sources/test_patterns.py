import re
import unicodedata

import pytest
from hypothesis import example, given
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


def tried(pattern: str, path: str) -> bool:
    """One way after another, as an expression says it: right, and for ever where there are many."""
    pieces = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern.strip("/") + "/**" * pattern.endswith("/"))
    meant = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    told = "" if "/" in pattern.rstrip("/") else meant["**/"]
    told += "".join(meant.get(piece) or re.escape(piece) for piece in pieces)
    return re.fullmatch(told, path, re.IGNORECASE | re.DOTALL) is not None


@given(st.text("abA/*?.[(", max_size=12), st.text("abB/.", max_size=12))
@example("a**/b", "axb")
@example("**/**/a", "a")
@example("*", "\n")
def test_any_text_is_a_pattern_and_means_what_trying_every_way_finds(pattern: str, path: str) -> None:
    assert matches(pattern, path) is tried(pattern, path)


def test_no_pattern_takes_for_ever() -> None:
    assert not matches("*a" * 40 + "*b", "a" * 4000)
    assert matches("**/*a" * 20 + "*b", "/".join(["aa"] * 30) + "b")
    assert not matches("**a" * 40 + "b", "a/" * 2000)


def test_an_accent_is_the_same_however_it_is_put_together() -> None:
    whole, parts = (
        unicodedata.normalize("NFC", "Salariés/été.pdf"),
        unicodedata.normalize("NFD", "Salariés/été.pdf"),
    )
    for pattern, path in ((whole, parts), (parts, whole)):
        assert matches(pattern, path)
        assert matches("salari?s/**", path)


@pytest.mark.parametrize(("pattern", "path"), [("Stra?e", "STRAßE"), ("STRAẞE", "straße"), ("É*", "été")])
def test_a_character_is_one_whatever_its_capital_is(pattern: str, path: str) -> None:
    assert matches(pattern, path)


def test_without_patterns_everything_is_wanted() -> None:
    assert wanted("a.md", (), ())
    assert not wanted("a.md", ("*.pdf",), ())
    assert not wanted("a.pdf", ("*.pdf",), ("a.*",))
