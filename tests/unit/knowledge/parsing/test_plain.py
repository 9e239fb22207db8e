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


def test_a_few_bytes_that_do_not_fit_spoil_no_text() -> None:
    text = "Le café est fermé à l'été. " * 3
    assert characters(text.encode() + b"\xc3") == text  # cut within a letter
    assert characters(text.encode() + b"l\x92\xe9t\xe9 " + text.encode()) == f"{text}l\u2019été {text}"
    assert characters("30 €, été, forêt".encode("cp1252")) == "30 €, été, forêt"


@pytest.mark.parametrize(
    "text", ["été", "héllo\n", "prix: 30 €", "naïve façade", "señor año", "Zoë", "Ça va", "garçon", "Müller"]
)
def test_few_letters_with_accents_are_no_other_script(text: str) -> None:
    assert characters(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Привет, как дела? Сегодня хорошая погода, и мы идём гулять в парк.", "cp1251"),
        ("日本語のテキストです。これは長い文章です。", "shift_jis"),
        ("Ελληνικά κείμενα εδώ και τώρα", "cp1253"),
    ],
)
def test_another_script_is_told_by_its_many_letters(text: str, encoding: str) -> None:
    assert characters(text.encode(encoding)) == text


def test_a_declared_encoding_is_the_larger_one_that_is_meant() -> None:
    assert characters("l\u2019entreprise, 30 €".encode("cp1252"), "ISO-8859-1") == "l\u2019entreprise, 30 €"
    assert characters("①".encode("cp932"), "shift_jis") == "①"
