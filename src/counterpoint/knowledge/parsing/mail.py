"""Mail (eml, and mailboxes of several): who wrote what to whom and when, then the body; attachments by name."""

import re
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Final

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft, on_one_line
from counterpoint.knowledge.parsing.outcome import CUT, DAMAGED, ENCRYPTED, UnreadableError
from counterpoint.knowledge.parsing.pace import alive
from counterpoint.knowledge.parsing.plain import add_text, characters
from counterpoint.knowledge.parsing.web import add_html

MOST_PARTS: Final = 500
MOST_MESSAGES: Final = 5_000
_MAILBOX = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From \S[^\r\n]*\d\d:\d\d[^\r\n]*\d{4}[^\r\n]*\r?\n")
"""What stands before each message of a mailbox (RFC 4155)."""
_FROM = re.compile(rb"\AFrom [^\r\n]*\r?\n")
_ENCRYPTED: Final = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}


def read(data: bytes) -> Parsed:
    """The message."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        data = characters(data).encode("utf-8")
    data = data.lstrip()
    first, *others = _messages(data) if _MAILBOX.match(data) else [_FROM.sub(b"", data)]
    # `compat32` never fails on a bad header; what it leaves undecoded is decoded here.
    message = message_from_bytes(first, policy=policy.compat32)
    if message.get_content_type() in _ENCRYPTED and "signed" not in str(message.get_param("smime-type", "")):
        raise UnreadableError(ENCRYPTED)
    draft = Draft()
    heads = {name: decoded(message.get(name, "")) for name in ("Subject", "From", "To", "Cc", "Date")}
    add_heads(draft, heads)
    body(draft, message)
    if draft.empty:
        raise UnreadableError(DAMAGED)
    if len(others) >= MOST_MESSAGES:
        draft.remark(CUT)
    for other in others[: MOST_MESSAGES - 1]:
        alive()
        message = message_from_bytes(other, policy=policy.compat32)
        add_further(draft, message)
        body(draft, message)
    return draft.finish()


def _messages(data: bytes) -> list[bytes]:
    """Of a mailbox."""
    edges = [each.span() for each in islice(_MAILBOX.finditer(data), MOST_MESSAGES + 1)]
    ends = [start for start, _ in edges[1:]] + [len(data)]
    return [data[start:end] for (_, start), end in zip(edges, ends, strict=True)]


def add_heads(draft: Draft, heads: dict[str, str]) -> None:
    """The subject as a heading, the other headers as a block of lines."""
    draft.title, draft.author = heads.get("Subject", ""), heads.get("From", "")
    draft.modified = _moment(heads.get("Date", ""))
    draft.add("heading", heads.get("Subject", ""), level=1)
    lines = [f"{name}: {on_one_line(value)}" for name, value in heads.items() if value and name != "Subject"]
    draft.add("paragraph", "\n".join(lines))


def body(draft: Draft, message: Message) -> None:
    """Texts in order; of alternatives the plain one, unless it is empty."""
    waiting: list[Message] = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        kind, name = part.get_content_type(), decoded(part.get_filename() or "")
        if part.is_multipart():
            inner = [each for each in part.get_payload() if isinstance(each, Message)]
            if kind == "multipart/alternative":
                inner = [_best(inner)] if inner else []
            if kind == "message/rfc822" and part is not message:
                for each in inner:
                    draft.attach(decoded(each.get("Subject", "")) or "message.eml")
                    add_further(draft, each)
            waiting += reversed(inner)
            continue
        attached = part.get_content_disposition() == "attachment"
        if name or attached:
            draft.attach(name or kind)
        # Some mailers give the very text a name.
        if kind.startswith("text/") and not attached:
            _add(draft, part, kind)


def add_further(draft: Draft, message: Message) -> None:
    """The heads of a message that is forwarded whole."""
    draft.add("heading", decoded(message.get("Subject", "")), level=2)
    lines = [
        f"{name}: {on_one_line(decoded(message.get(name, '')))}"
        for name in ("From", "To", "Date")
        if message.get(name)
    ]
    draft.add("paragraph", "\n".join(lines))


def _best(parts: list[Message]) -> Message:
    for part in parts:
        if part.get_content_type() == "text/plain" and _text_of(part).strip():
            return part
    # The last is the richest (RFC 2046, 5.1.4), but a calendar's entry or a watch's face is not for reading.
    return next(
        (part for part in reversed(parts) if part.is_multipart() or part.get_content_type() == "text/html"),
        parts[-1],
    )


def _add(draft: Draft, part: Message, kind: str) -> None:
    text = _text_of(part)
    if kind == "text/html":
        title = draft.title
        add_html(draft, text)
        draft.title = title
    elif kind in {"text/plain", "text/markdown", "text/enriched"}:
        add_text(draft, text)


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return characters(payload, str(part.get_content_charset() or ""))


def decoded(value: object) -> str:
    """A header's text: encoded words and raw bytes become characters."""
    pieces = []
    try:
        for piece, charset in decode_header(str(value)):
            if isinstance(piece, bytes):
                pieces.append(characters(piece, charset if charset and charset != "unknown-8bit" else ""))
            else:
                pieces.append(piece)
    except ValueError:
        return on_one_line(str(value))
    return on_one_line("".join(pieces)) or on_one_line(str(value))


def _moment(date: str) -> int | None:
    try:
        return int(parsedate_to_datetime(date).timestamp() * 1_000_000)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
