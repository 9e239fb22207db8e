"""multipart/form-data (RFC 7578), taken apart where it lies.

Why spans and not fields: a form carries a recording or a picture of many megabytes beside a few short fields. What is
read are the short ones; what is passed on is the body itself, with at most one field exchanged.
"""

import re

import msgspec

MOST_PARTS = 1000
HEAD_LIMIT = 16 * 1024
"""Bytes of one part's head."""

_BOUNDARY = re.compile(r'boundary=(?:"([^"\r\n]{1,200})"|([^\s;,"]{1,200}))', re.IGNORECASE)
_QUOTED = re.compile(r'(?:^|[;\s])(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_BARE = re.compile(r'(?:^|[;\s])(name|filename)=([^\s;"]+)', re.IGNORECASE)
_LENGTH = re.compile(rb"(?im)^content-length:[^\r\n]*\r\n")


class FormError(ValueError):
    """The body is not what its type says; the reason is a clause in English."""


class FormPart(msgspec.Struct, frozen=True):
    """One field: its head lies from `head` on, its value from `start` to `end`. `filename` is `None` for what is no
    file."""

    name: str
    filename: str | None
    media_type: str
    head: int
    start: int
    end: int


def boundary_of(media_type: str) -> bytes | None:
    """The boundary in a Content-Type, if it is a form with one."""
    if not media_type.lower().startswith("multipart/form-data"):
        return None
    found = _BOUNDARY.search(media_type)
    return None if found is None else (found[1] or found[2]).encode("latin-1", "replace")


def form_parts(body: bytes, boundary: bytes) -> list[FormPart]:
    """The fields, in their order. Raises `FormError`."""
    mark = b"--" + boundary
    at = 0 if _begins(body, mark, 0) else _next_mark(body, mark, 0)
    if at < 0:
        raise FormError("its boundary does not occur")
    parts: list[FormPart] = []
    while True:
        at += len(mark)
        if body.startswith(b"--", at):
            return parts
        if len(parts) >= MOST_PARTS:
            raise FormError(f"it has more than {MOST_PARTS} parts")
        head = body.index(b"\r\n", at) + 2
        # A part without a head begins with the empty line itself.
        start = body.find(b"\r\n\r\n", head - 2, head + HEAD_LIMIT)
        if start < 0:
            raise FormError("a part's head has no end")
        end = _next_mark(body, mark, start + 2) - 2
        if end < 0:
            raise FormError("it has no end")
        parts.append(_part(body, head, start + 4, max(end, start + 4)))
        at = end + 2


def _begins(body: bytes, mark: bytes, at: int) -> bool:
    """Whether a line of `body` at `at` is the boundary: after it come two hyphens, or blanks and a line's end."""
    if not body.startswith(mark, at):
        return False
    after = body[at + len(mark) : at + len(mark) + 80]
    return after.startswith(b"--") or after.lstrip(b" \t").startswith(b"\r\n")


def _next_mark(body: bytes, mark: bytes, since: int) -> int:
    """Where the next boundary's line begins; -1: nowhere."""
    line = b"\r\n" + mark
    found = body.find(line, since)
    while found >= 0 and not _begins(body, mark, found + 2):
        found = body.find(line, found + 1)
    return found + 2 if found >= 0 else -1


def _part(body: bytes, head: int, start: int, end: int) -> FormPart:
    name, filename, media_type = "", None, ""
    for line in body[head : start - 4].decode("utf-8", "replace").split("\r\n"):
        field, _, value = line.partition(":")
        if field.strip().lower() == "content-type":
            media_type = value.strip()
        elif field.strip().lower() == "content-disposition":
            words = {key.lower(): text for key, text in _BARE.findall(value)}
            words |= {key.lower(): _unquoted(text) for key, text in _QUOTED.findall(value)}
            name, filename = words.get("name", ""), words.get("filename")
    return FormPart(name, filename, media_type, head, start, end)


def _unquoted(text: str) -> str:
    """Browsers write a quote as %22 (WHATWG HTML, multipart/form-data), others as a backslash and a quote."""
    return re.sub(r"\\(.)", r"\1", text).replace("%22", '"')


def form_text(body: bytes, parts: list[FormPart], name: str) -> str | None:
    """The value of the first field of that name that is no file."""
    for part in parts:
        if part.name == name and part.filename is None:
            return body[part.start : part.end].decode("utf-8", "replace").strip()
    return None


def with_text(body: bytes, boundary: bytes, parts: list[FormPart], name: str, value: str) -> bytes:
    """`body` with that field set; every other byte is kept."""
    for part in parts:
        if part.name == name and part.filename is None:
            head = _LENGTH.sub(b"", body[part.head : part.start])
            return b"".join((body[: part.head], head, value.encode(), body[part.end :]))
    field = b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
    return field % (boundary, name.encode(), value.encode()) + body
