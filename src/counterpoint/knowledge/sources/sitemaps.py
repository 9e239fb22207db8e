"""Maps of sites (sitemaps.org): addresses of pages, or of further maps. Pure."""

import gzip
import io
import xml.etree.ElementTree as ET

LARGEST = 50 << 20
"""Bytes of a map, unpacked, as its specification has it."""


def addresses(data: bytes) -> tuple[list[str], list[str]]:
    """Pages and maps that are named in a map, packed or not. Raises `ValueError`."""
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(data)
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise ValueError("it has declarations")
    if not data.lstrip().startswith((b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return _lines(data), []
    try:
        root = ET.fromstring(data)  # noqa: S314
    except (ET.ParseError, LookupError) as error:
        raise ValueError(str(error)) from error
    found = [(node.text or "").strip() for each in root for node in each if _name(node) == "loc"]
    found = [address for address in found if address]
    return ([], found) if _name(root) == "sitemapindex" else (found, [])


def _unpacked(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            data = file.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        raise ValueError(str(error)) from error
    if len(data) > LARGEST:
        raise ValueError("it is too large")
    return data


def _lines(data: bytes) -> list[str]:
    """The simple kind: an address a line."""
    lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line.startswith(("http://", "https://"))]


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]
