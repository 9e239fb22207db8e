"""Outlook's messages (msg): the properties that people see, out of the compound file's streams ([MS-OXMSG])."""

import re
import struct
from datetime import UTC, datetime, timedelta
from typing import Final

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.mail import add_heads
from counterpoint.knowledge.parsing.ole import Ole, OleError
from counterpoint.knowledge.parsing.outcome import DAMAGED, ENCRYPTED, NO_TEXT, UnreadableError
from counterpoint.knowledge.parsing.plain import add_text, characters
from counterpoint.knowledge.parsing.rich import text_of_compressed
from counterpoint.knowledge.parsing.web import add_html

SUBJECT: Final = 0x0037
SENDER, SENDER_MAIL, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
TO, CC = 0x0E04, 0x0E03
BODY, BODY_HTML, BODY_RTF = 0x1000, 0x1013, 0x1009
CLASS, HEADERS = 0x001A, 0x007D
SENT, RECEIVED, CHANGED = 0x0039, 0x0E06, 0x3008
ATTACHED_LONG, ATTACHED, NAME = 0x3707, 0x3704, 0x3001
CODE_PAGE, BODY_CODE_PAGE = 0x3FFD, 0x3FDE
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-Fa-f]{8}")


def read(data: bytes) -> Parsed:
    """The message."""
    try:
        message = _Properties(Ole(data), "")
    except OleError:
        raise UnreadableError(DAMAGED) from None
    draft = Draft()
    sent = message.time(SENT) or message.time(RECEIVED) or message.time(CHANGED)
    sender, mail = message.text(SENDER), message.text(SENDER_SMTP) or message.text(SENDER_MAIL)
    heads = {
        "Subject": message.text(SUBJECT),
        "From": f"{sender} <{mail}>" if sender and "@" in mail and sender != mail else sender or mail,
        "To": message.text(TO),
        "Cc": message.text(CC),
        "Date": sent.strftime("%a, %d %b %Y %H:%M:%S +0000") if sent else "",
    }
    add_heads(draft, heads)
    had_heads = not draft.empty
    _add_body(draft, message)
    for folder in message.folders(_ATTACHMENT):
        attached = _Properties(message.ole, f"{folder}/")
        draft.attach(attached.text(ATTACHED_LONG) or attached.text(ATTACHED) or attached.text(NAME))
    parsed = draft.finish()
    _refuse_sealed(message.text(CLASS).lower(), parsed)
    if draft.empty and not had_heads:
        raise UnreadableError(NO_TEXT)
    return parsed


def _refuse_sealed(kind: str, parsed: Parsed) -> None:
    """A sealed message has no body of its own, and an attachment that only its reader can open."""
    sealed = kind.endswith(".smime") or any(
        name.lower().endswith((".pgp-encrypted", "encrypted.asc", ".rpmsg", "smime.p7m"))
        for name in parsed.attachments
    )
    if sealed and len(parsed.blocks) <= 2:
        raise UnreadableError(ENCRYPTED)


def _add_body(draft: Draft, message: "_Properties") -> None:
    if text := message.text(BODY):
        add_text(draft, text)
    elif html := message.html():
        title = draft.title
        add_html(draft, html)
        draft.title = title
    elif compressed := message.ole.stream(f"{message.folder}__substg1.0_{BODY_RTF:04X}0102"):
        add_text(draft, text_of_compressed(compressed))


class _Properties:
    """Of a message or of an attachment in it."""

    def __init__(self, ole: Ole, folder: str) -> None:
        self.ole = ole
        self.folder = folder
        fixed = ole.stream(f"{folder}__properties_version1.0")
        start = 8 if folder else 32
        self._fixed = {}
        for at in range(start, len(fixed) - 15, 16):
            kind, number = struct.unpack_from("<HH", fixed, at)
            self._fixed[number] = (kind, fixed[at + 8 : at + 16])

    def text(self, number: int) -> str:
        """A property's text, in Unicode or in the message's code page."""
        wide = self.ole.stream(f"{self.folder}__substg1.0_{number:04X}001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\x00")
        narrow = self.ole.stream(f"{self.folder}__substg1.0_{number:04X}001E")
        return characters(narrow.rstrip(b"\x00"), self._encoding(CODE_PAGE)) if narrow else ""

    def html(self) -> str:
        """The body of HTML."""
        raw = self.ole.stream(f"{self.folder}__substg1.0_{BODY_HTML:04X}0102")
        declared = re.search(rb"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", raw[:4096], re.IGNORECASE)
        encoding = declared[1].decode("ascii") if declared else self._encoding(BODY_CODE_PAGE)
        return characters(raw, encoding) if raw else self.text(BODY_HTML)

    def time(self, number: int) -> datetime | None:
        """A property that is a moment."""
        kind, value = self._fixed.get(number, (0, b""))
        ticks = int.from_bytes(value, "little")
        try:
            return (
                datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
                if kind == 0x40 and ticks
                else None
            )
        except OverflowError:
            return None

    def folders(self, pattern: re.Pattern[str]) -> list[str]:
        """Storages directly below, in order."""
        below = {
            path[len(self.folder) :].split("/")[0] for path in self.ole.paths if path.startswith(self.folder)
        }
        return [self.folder + name for name in sorted(below) if pattern.fullmatch(name)]

    def _encoding(self, number: int) -> str:
        kind, value = self._fixed.get(number, (0, b""))
        page = int.from_bytes(value[:4], "little") if kind == 3 else 0
        return {65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 0: ""}.get(page, f"cp{page}")
