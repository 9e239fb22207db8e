import pytest

from counterpoint.knowledge.parsing.other import read
from counterpoint.knowledge.parsing.outcome import DAMAGED, UNKNOWN, UnreadableError
from counterpoint.knowledge.parsing.soundness import sound
from tests.office.making import archive

CONTENT = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:text><text:h text:outline-level="1">The plan</text:h><text:p>We go on.</text:p></office:text>
</office:body></office:document-content>"""


def refusal(kind: str, data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(kind, data)
    return caught.value.outcome.reason


def test_rich_text_is_read() -> None:
    parsed = read("rtf", rb"{\rtf1\ansi First line.\par Second line.\par}")
    assert sound(parsed)
    assert "First line." in parsed.text
    assert "Second line." in parsed.text


def test_an_open_document_is_read() -> None:
    parsed = read(
        "odt", archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": CONTENT})
    )
    assert sound(parsed)
    assert [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks] == [
        ("heading", "The plan"),
        ("paragraph", "We go on."),
    ]


def test_an_open_document_without_content_has_no_text() -> None:
    assert read("odt", archive({"mimetype": "x"})).text == ""


def test_what_cannot_be_read_says_why() -> None:
    assert refusal("odt", b"PK\x03\x04") == DAMAGED
    assert refusal("wpd", b"x") == UNKNOWN
