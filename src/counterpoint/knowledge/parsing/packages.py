"""Zip archives before anything unpacks them: what they say they will grow to, and what they really grow to."""

import io
import zipfile
import zlib
from typing import Final

from counterpoint.knowledge.parsing.outcome import DAMAGED, SWELLS, UnreadableError

MOST_UNPACKED: Final = 600 * 1024 * 1024
MOST_PARTS: Final = 20_000
MOST_XML: Final = 200 * 1024 * 1024
"""Of one part of XML: a sheet of a million cells has about 30 MB."""
MOST_RATIO: Final = 400
"""Text in XML shrinks to a twentieth, a sheet of equal cells to a hundredth."""
RATIO_COUNTS_FROM: Final = 20 * 1024 * 1024

_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, EOFError, ValueError, RuntimeError)


def check_package(data: bytes) -> None:
    """Raises `UnreadableError` if the archive would swell beyond all reason. Sizes are those that its directory claims:
    whoever unpacks more than was claimed notices, since the standard library stops there; native code is bounded by
    its process."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except _DAMAGED:
        raise UnreadableError(DAMAGED) from None
    unpacked = sum(entry.file_size for entry in entries)
    swells = unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * max(1, len(data))
    xml = max((entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))), default=0)
    if swells or unpacked > MOST_UNPACKED or len(entries) > MOST_PARTS or xml > MOST_XML:
        raise UnreadableError(SWELLS)


def part(data: bytes, name: str, most: int = MOST_XML) -> bytes:
    """A part's bytes; nothing if it is not there, is damaged or has more than `most`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as file:
            read = file.read(most + 1)
    except (KeyError, *_DAMAGED):
        return b""
    return read if len(read) <= most else b""
