from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.mail import decoded, read
from counterpoint.knowledge.parsing.outcome import DAMAGED, ENCRYPTED, UnreadableError
from counterpoint.knowledge.parsing.soundness import sound


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    usual = {"Subject": "Réunion", "From": "Ada <ada@example.com>", "To": "bo@example.com"}
    for name, value in (usual | headers).items():
        made[name] = value
    return made


def blocks(parsed: Parsed) -> list[tuple[str, str]]:
    assert sound(parsed)
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


def test_a_mail_has_its_heads_its_body_and_the_names_of_what_is_attached() -> None:
    made = message(Date="Fri, 01 Mar 2024 10:00:00 +0100")
    made.set_content("Bonjour,\n\nà demain.\n")
    made.add_alternative("<p>rich</p>", subtype="html")
    made.add_attachment(b"x", maintype="application", subtype="pdf", filename="plan é.pdf")
    parsed = read(made.as_bytes())
    assert blocks(parsed) == [
        ("heading", "Réunion"),
        (
            "paragraph",
            "From: Ada <ada@example.com>\nTo: bo@example.com\nDate: Fri, 01 Mar 2024 10:00:00 +0100",
        ),
        ("paragraph", "Bonjour,"),
        ("paragraph", "à demain."),
    ]
    assert (parsed.title, parsed.author, parsed.modified) == (
        "Réunion",
        "Ada <ada@example.com>",
        1709283600000000,
    )
    assert parsed.attachments == ("plan é.pdf",)


def test_html_is_read_where_there_is_no_plain_text() -> None:
    made = message()
    made.set_content(
        "<html><head><title>no</title></head><body><h2>Hi</h2><p>there</p></body></html>", subtype="html"
    )
    parsed = read(made.as_bytes())
    assert blocks(parsed)[2:] == [("heading", "Hi"), ("paragraph", "there")]
    assert parsed.title == "Réunion"


def test_a_forwarded_message_is_read_too() -> None:
    made, inner = message(), message(Subject="Older")
    inner.set_content("Old text")
    made.set_content("See below")
    made.add_attachment(inner)
    parsed = read(made.as_bytes())
    assert ("heading", "Older") in blocks(parsed)
    assert ("paragraph", "Old text") in blocks(parsed)
    assert parsed.attachments == ("Older",)


def test_what_only_its_reader_can_open_is_encrypted() -> None:
    for kind in ("multipart/encrypted; boundary=x", "application/pkcs7-mime; smime-type=enveloped-data"):
        with pytest.raises(UnreadableError) as caught:
            read(f"Subject: x\r\nContent-Type: {kind}\r\n\r\nabc".encode())
        assert caught.value.outcome.reason == ENCRYPTED


def test_a_mail_of_nothing_is_damaged() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(b"\r\n\r\n")
    assert caught.value.outcome.reason == DAMAGED


def test_headers_are_decoded_however_bad_they_are() -> None:
    assert decoded("=?utf-8?q?=C3=A9t=C3=A9?= =?iso-8859-1?b?6Q==?=") == "étéé"
    assert decoded("=?nonsense?q?x?=") == "x"
    assert decoded("=?utf-8?b?@@@?=")


@given(st.binary(max_size=300))
def test_any_bytes_end_sound(data: bytes) -> None:
    assert sound(read(b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\n" + data))


def test_all_messages_of_a_mailbox_are_read() -> None:
    first = (
        b"From a@example.com Mon Jan  1 09:00:00 2024\nSubject: First\nFrom: a@example.com\n"
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
        b"From where we stand.\n\nFrom now on.\n--x--\n\n"
    )
    second = (
        b"From b@example.com Tue Jan  2 10:00:00 2024\nSubject: Second\nFrom: b@example.com\n"
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nY2Fmw6k=\n"
    )
    for data in (first + second, (first + second).replace(b"\n", b"\r\n")):
        parsed = read(data)
        assert parsed.title == "First"
        assert parsed.text == (
            "First\n\nFrom: a@example.com\n\nFrom where we stand.\n\nFrom now on.\n\n"
            "Second\n\nFrom: b@example.com\n\ncafé"
        )


def test_a_text_with_a_name_is_read_unless_it_is_attached() -> None:
    heads = b"Subject: S\nFrom: a@example.com\n"
    named = b'Content-Type: text/plain; name="body.txt"\n'
    for more, text in ((b"", "\n\nHello."), (b"Content-Disposition: inline\n", "\n\nHello.")):
        parsed = read(heads + named + more + b"\nHello.\n")
        assert (parsed.text, parsed.attachments) == (f"S\n\nFrom: a@example.com{text}", ("body.txt",))
    parsed = read(heads + named + b"Content-Disposition: attachment\n\nHello.\n")
    assert (parsed.text, parsed.attachments) == ("S\n\nFrom: a@example.com", ("body.txt",))
