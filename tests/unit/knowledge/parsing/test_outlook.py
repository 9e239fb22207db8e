import struct
from datetime import UTC, datetime

import pytest

from counterpoint.knowledge.parsing.outcome import DAMAGED, ENCRYPTED, NO_TEXT, UnreadableError
from counterpoint.knowledge.parsing.outlook import read
from counterpoint.knowledge.parsing.soundness import sound
from tests.office.making import compound

SENT = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
TICKS = int((SENT - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
FIXED = bytes(32) + struct.pack("<HHI8s", 0x40, 0x0039, 0, TICKS.to_bytes(8, "little"))


def msg(fixed: bytes = FIXED, **properties: str) -> bytes:
    """Of texts by their property's number: `p1000="Body"`; inside `a`, of an attachment."""
    streams = {"__properties_version1.0": fixed}
    for name, value in properties.items():
        folder = "__attach_version1.0_#00000000/" if name.startswith("a") else ""
        streams[f"{folder}__substg1.0_{name[1:]}001F"] = value.encode("utf-16-le")
    return compound(streams)


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(data)
    return caught.value.outcome.reason


def test_a_message_has_its_heads_its_body_and_the_names_of_what_is_attached() -> None:
    data = msg(
        p0037="Réunion",
        p0C1A="Ada",
        p5D01="ada@example.com",
        p0E04="Bo",
        p1000="Bonjour,\r\n\r\nà demain.",
        a3707="plan.pdf",
    )
    parsed = read(data)
    assert sound(parsed)
    assert [parsed.text[block.start : block.end] for block in parsed.blocks] == [
        "Réunion",
        "From: Ada <ada@example.com>\nTo: Bo\nDate: Fri, 01 Mar 2024 09:00:00 +0000",
        "Bonjour,",
        "à demain.",
    ]
    assert parsed.attachments == ("plan.pdf",)
    assert parsed.modified == int(SENT.timestamp()) * 1_000_000


def test_html_is_read_where_there_is_no_plain_text() -> None:
    html = '<html><head><meta charset="cp1252"></head><body><p>été</p></body></html>'.encode("cp1252")
    parsed = read(compound({"__properties_version1.0": FIXED, "__substg1.0_10130102": html}))
    assert parsed.text.endswith("été")


def test_older_messages_are_read_in_their_code_page() -> None:
    fixed = bytes(32) + struct.pack("<HHI8s", 3, 0x3FFD, 0, (1251).to_bytes(8, "little"))
    data = compound({"__properties_version1.0": fixed, "__substg1.0_1000001E": "Привет".encode("cp1251")})
    assert read(data).text == "Привет"


def test_what_cannot_be_read_says_why() -> None:
    assert refusal(msg(p0037="Secret", p001A="IPM.Note.SMIME", a3707="smime.p7m")) == ENCRYPTED
    assert refusal(msg(bytes(32))) == NO_TEXT
    assert refusal(b"no message") == DAMAGED
