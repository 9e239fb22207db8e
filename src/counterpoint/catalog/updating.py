"""Fetch newer catalogue data: from a file, or from the URL that the operator configured, and only when asked to.

What comes is checked before it takes the place of anything: its size, its SHA-256 if one is given, its schema, and
that its rows make sense. It holds models and prices only; hosts, and so the addresses that secrets are sent to, are
not part of it.
"""

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.request import Request

import msgspec

from counterpoint.catalog.archive import MAX_PACKED, Archive, ArchiveError, unpack
from counterpoint.catalog.loading import ARCHIVE, FOLDER, load
from counterpoint.i18n import say

_CHUNK = 64 * 1024
_TIMEOUT = 30.0

Progress = Callable[[int, int | None], None]
"""Told bytes so far, and bytes in all if known."""


class UpdateError(Exception):
    """The catalogue was left as it was; the message says why."""


class Updated(msgspec.Struct, frozen=True):
    """What is in use now. `changed`: whether it is other data than before."""

    path: Path
    date: str
    sha256: str
    models: int
    changed: bool


def update(
    source: str,
    into: Path,
    *,
    sha256: str = "",
    progress: Progress | None = None,
) -> Updated:
    """Fetch the archive at `source` (a path, or an http or https URL) and put it into the data directory `into`.

    Raises `UpdateError` and changes nothing if it cannot be had or must not be used, or is older than what is in
    use.
    """
    packed = _fetch(source, progress or _silent)
    found = hashlib.sha256(packed).hexdigest()
    if sha256 and found != sha256.strip().lower():
        raise UpdateError(say("catalog.update.bad_hash", source=source, found=found, expected=sha256))
    try:
        archive = unpack(packed)
    except ArchiveError as error:
        raise UpdateError(say("catalog.update.not_usable", source=source, reason=str(error))) from error
    current = load(into)
    if archive.date < current.date:
        raise UpdateError(
            say("catalog.update.older", source=source, found=archive.date, current=current.date)
        )
    path = into / FOLDER / ARCHIVE
    changed = not (path.is_file() and path.read_bytes() == packed)
    if changed:
        _replace(path, packed)
    return _updated(path, archive, found, changed=changed)


def _updated(path: Path, archive: Archive, sha256: str, *, changed: bool) -> Updated:
    return Updated(path=path, date=archive.date, sha256=sha256, models=len(archive.models), changed=changed)


def _fetch(source: str, progress: Progress) -> bytes:
    if source.startswith(("http://", "https://")):
        return _download(source, progress)
    path = Path(source.removeprefix("file://"))
    if not path.is_file():
        raise UpdateError(say("catalog.update.bad_source", source=source))
    size = path.stat().st_size
    if size > MAX_PACKED:
        raise UpdateError(say("catalog.update.too_large", source=source, limit=MAX_PACKED))
    data = path.read_bytes()
    progress(len(data), size)
    return data


def _download(url: str, progress: Progress) -> bytes:
    request = Request(url, headers={"accept-encoding": "identity"})  # noqa: S310 - http(s) only
    try:
        with urllib.request.build_opener(_Redirects).open(request, timeout=_TIMEOUT) as answer:
            length = answer.headers.get("content-length", "")
            total = int(length) if length.isdecimal() else None
            return _read(answer.read, url, total, progress)
    except urllib.error.HTTPError as error:
        error.close()
        raise UpdateError(say("catalog.update.bad_status", source=url, status=error.code)) from error
    except (OSError, HTTPException) as error:
        raise UpdateError(say("catalog.update.unreachable", source=url, reason=str(error))) from error


def _read(read: Callable[[int], bytes], url: str, total: int | None, progress: Progress) -> bytes:
    parts, size = [], 0
    while part := read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_PACKED:
            raise UpdateError(say("catalog.update.too_large", source=url, limit=MAX_PACKED))
        progress(size, total)
    if total is not None and size < total:
        raise UpdateError(
            say("catalog.update.unreachable", source=url, reason=f"{size} of {total} bytes came")
        )
    return b"".join(parts)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Never from https to http: on the way, anyone could put other prices in."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if req.full_url.startswith("https://") and not newurl.startswith("https://"):
            raise urllib.error.HTTPError(newurl, code, "redirected away from https", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _replace(path: Path, data: bytes) -> None:
    """Write beside, then rename: whoever reads sees the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _silent(done: int, total: int | None) -> None:
    """No one is told."""
