import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.plain import characters, read
from counterpoint.knowledge.parsing.soundness import sound


def blocks(parsed: Parsed) -> list[tuple[str, str]]:
    assert sound(parsed)
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_bytes_become_the_characters_that_were_meant(encoding: str) -> None:
    text = "L'été dernier, les élèves étaient à la plage; ça leur a plu. Où êtes-vous allés?"
    assert characters(text.encode(encoding)).lstrip("\ufeff") == text


def test_an_encoding_that_is_declared_comes_first_unless_it_is_wrong() -> None:
    assert characters("日本".encode("shift_jis"), "shift_jis") == "日本"
    assert characters("été".encode(), "no-such-encoding") == "été"


def test_paragraphs_stand_between_empty_lines() -> None:
    text = b"Title\n=====\n\nOne\ntwo.\n\n- first\n- second\n\n1. third\n-----\nEnd"
    assert blocks(read(text)) == [
        ("heading", "Title"),
        ("paragraph", "One\ntwo."),
        ("item", "- first"),
        ("item", "- second"),
        ("item", "1. third"),
        ("paragraph", "End"),
    ]


@given(st.binary(max_size=400))
def test_any_bytes_end_sound(data: bytes) -> None:
    assert sound(read(data))
