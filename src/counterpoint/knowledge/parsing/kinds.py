"""What kind of file it is: told by its bytes, and by name or media type only where bytes cannot tell.

A wrong ending must not matter: people rename files, and servers guess media types from names.
"""

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import Final

from counterpoint.knowledge.parsing.ole import MAGIC, Ole, OleError
from counterpoint.knowledge.parsing.outcome import DAMAGED, EMPTY, ENCRYPTED, UNKNOWN, UnreadableError

BY_ENDING: Final = {
    "htm": "html",
    "xhtml": "html",
    "markdown": "md",
    "mdx": "md",
    "text": "txt",
    "log": "txt",
    "rst": "txt",
    "tab": "tsv",
    "ndjson": "json",
    "jsonl": "json",
    "mbox": "eml",
    "mht": "eml",
    "mhtml": "eml",
}
"""Endings of one kind with another name."""

TEXTS: Final = {"html", "md", "txt", "csv", "tsv", "json", "eml"}

BY_MEDIA_TYPE: Final = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "md",
    "text/x-markdown": "md",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/x-ndjson": "json",
    "message/rfc822": "eml",
    "text/plain": "txt",
}

_MAGIC: Final = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"GIF8", "image"),
    (b"BM", "bmp"),
)

_OTHERS: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"SQLite format 3", "sqlite"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"fLaC", "sound"),
)

_MAIN_PARTS: Final = (
    ("wordprocessingml", "docx"),
    ("ms-word", "docx"),
    ("spreadsheetml", "xlsx"),
    ("ms-excel.sheet.binary", "xlsx"),
    ("ms-excel", "xlsx"),
    ("presentationml", "pptx"),
    ("ms-powerpoint", "pptx"),
)

_OPEN_DOCUMENTS: Final = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "xlsx",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/epub+zip": "epub",
}

_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]?[^\r\n]*")
_MAIL_HEADERS: Final = {
    b"from", b"to", b"subject", b"date", b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to",
    b"content-type", b"reply-to", b"cc", b"x-mailer", b"sender",
}  # fmt: skip
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)


def kind_of(name: str, media_type: str, data: bytes) -> str:
    """One of the registry's kinds. Raises `UnreadableError` for what is empty, protected or of no kind that is read."""
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableError(EMPTY)
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(MAGIC):
        return _ole_kind(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(name, data)
    if head.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return "image" if kind == "bmp" and _is_binary(data) else "txt" if kind == "bmp" else kind
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if kind := next((kind for magic, kind in _OTHERS if data.startswith(magic)), ""):
        raise UnreadableError(UNKNOWN, kind=kind)
    if _is_binary(data):
        _refuse_binary(name, data)
    return _text_kind(name, media_type, head, data)


def ending_of(name: str) -> str:
    """Of a file's name, in small letters, without the dot."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")


def _refuse_binary(name: str, data: bytes) -> None:
    """Bytes that are no text. A name of a kind that is read says that the file was once one of those."""
    ending = ending_of(name)
    known = {
        "pdf",
        "docx",
        "xlsx",
        "xlsm",
        "xlsb",
        "pptx",
        "doc",
        "xls",
        "ppt",
        "msg",
        "odt",
        "ods",
        "png",
        "jpg",
    }
    if ending in known:
        raise UnreadableError(DAMAGED)
    raise UnreadableError(UNKNOWN, kind=ending or "?")


def _ole_kind(data: bytes) -> str:
    try:
        names = Ole(data).names
    except OleError:
        raise UnreadableError(DAMAGED) from None
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise UnreadableError(ENCRYPTED)
    for stream, kind in (
        ("__properties_version1.0", "msg"),
        ("WordDocument", "doc"),
        ("Workbook", "xlsx"),
        ("Book", "xlsx"),
        ("PowerPoint Document", "ppt"),
    ):
        if stream in names:
            return kind
    if any(name.startswith("__substg1.0_") for name in names):
        return "msg"
    raise UnreadableError(UNKNOWN, kind="ole")


def _zip_kind(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(entry.flag_bits & 1 for entry in archive.infolist()):
                raise UnreadableError(ENCRYPTED)
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = _OPEN_DOCUMENTS.get(archive.read("mimetype").decode("ascii", "replace").strip())
                if kind:
                    return _open_document(archive, kind)
            if "[Content_Types].xml" in names:
                return _package_kind(names, archive)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, ValueError, RuntimeError):
        if ending_of(name) in {"docx", "xlsx", "pptx", "xlsm", "xlsb", "odt", "ods", "odp", "epub", ""}:
            raise UnreadableError(DAMAGED) from None
        raise UnreadableError(UNKNOWN, kind="zip") from None
    if ending_of(name) in {"docx", "xlsx", "pptx", "xlsm", "xlsb"}:
        raise UnreadableError(DAMAGED)
    raise UnreadableError(UNKNOWN, kind="zip")


def _open_document(archive: zipfile.ZipFile, kind: str) -> str:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist():
        with archive.open(manifest) as file:
            if b"encryption-data" in file.read(1_000_000):
                raise UnreadableError(ENCRYPTED)
    return kind


def _package_kind(names: set[str], archive: zipfile.ZipFile) -> str:
    """By the main part's content type; where the parts' types say nothing, by the folders that there are."""
    with archive.open("[Content_Types].xml") as file:
        types = file.read(1_000_000).decode("utf-8", "replace")
    for declared in re.findall(r'ContentType="([^"]*\bmain(?:\+xml)?)"', types):
        for part, kind in _MAIN_PARTS:
            if part in declared:
                return kind
    for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names):
            return kind
    raise UnreadableError(UNKNOWN, kind="opc")


def _is_binary(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    sample = data[:8192]
    if b"\x00" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        # Text in UTF-16 has its zeros in every second place.
        return not (max(even, odd) > len(sample) // 8 and min(even, odd) * 8 < max(even, odd))
    control = sum(sample.count(value) for value in range(32) if value not in (7, 8, 9, 10, 12, 13, 27))
    return control * 20 > len(sample)


def _text_kind(name: str, media_type: str, head: bytes, data: bytes) -> str:
    said = ending_of(name)
    said = BY_ENDING.get(said, said)
    if said not in TEXTS:
        said = BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower(), "")
    if said == "eml" or (said in {"", "txt"} and _is_mail(head)):
        return "eml"
    if said in {"md", "csv", "tsv", "json"}:
        return said
    if _HTML.search(data[:4096].replace(b"\x00", b"")):
        return "html"
    if said:
        return said
    if head.startswith((b"{", b"[")) and data.rstrip().endswith((b"}", b"]")):
        return "json"
    return "txt"


def _is_mail(head: bytes) -> bool:
    lines = head.split(b"\n")[:12]
    found = {line.split(b":")[0].lower() for line in lines if _HEADER_LINE.fullmatch(line.rstrip(b"\r"))}
    return len(found & _MAIL_HEADERS) >= 3 and _HEADER_LINE.match(lines[0]) is not None
