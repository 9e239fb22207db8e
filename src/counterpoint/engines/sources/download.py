"""Fetch one file: resumed where it was cut, hashed as it comes, never taken for whole before it is.

What has come lies in a `.part` file, with the server's validator beside it. A resumed download asks for the rest
on condition that the file is still the same (RFC 9110, 13.1.5); if it is not, it begins again.
"""

import hashlib
import http.client
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec

from counterpoint.engines.sources.base import Place, Progress, Report
from counterpoint.engines.sources.web import Response, header_of
from counterpoint.i18n.complaint import Complaint

BLOCK: Final = 1 << 20
TRIES: Final = 5
LARGEST: Final = 1 << 40
"""No file of a model has more bytes."""


class _Validator(msgspec.Struct, frozen=True):
    """Which file the part is of."""

    url: str
    etag: str | None = None
    sha256: str | None = None


class Meter:
    """Tells how far a file is, at most ten times a second."""

    def __init__(self, name: str, phase: str, total: int | None, report: Report | None) -> None:
        self._name = name
        self._phase = phase
        self._total = total
        self._report = report
        self._told = 0.0
        self._marks: list[tuple[float, int]] = []

    def __call__(self, done: int, total: int | None = None) -> None:
        self._total = total or self._total
        if self._report is None:
            return
        now = time.monotonic()
        if now - self._told < 0.1 and done != self._total:
            return
        self._told = now
        self._marks = [mark for mark in self._marks if now - mark[0] < 5.0] + [(now, done)]
        since, then = self._marks[0]
        rate = (done - then) / (now - since) if now > since else 0.0
        eta = (self._total - done) / rate if self._total is not None and rate > 0 else None
        self._report(Progress(self._name, self._phase, done, self._total, rate, eta))


def fetch(place: Place, part: Path, name: str, report: Report | None = None) -> str:
    """Bring the file at `place` to `part`; its SHA-256, which was compared with the one stated. Raises
    `Complaint`."""
    if place.url.startswith("file:"):
        return copy(Path(url2pathname(urlsplit(place.url).path)), part, place.sha256, name, report)
    part.parent.mkdir(parents=True, exist_ok=True)
    meter = Meter(name, "download", place.size, report)
    tries = 0
    while True:
        try:
            actual = _attempt(place, part, meter)
            break
        except _CutError as cut:
            tries += 1
            if tries == TRIES:
                reason = cut.args[0]
                raise Complaint(
                    "engines.pull.cut", kind="unavailable", file=place.filename, reason=reason
                ) from cut
        time.sleep(min(0.2 * 2**tries, 5.0))
    _compare(place.filename, place.sha256, actual, part)
    _validator(part).unlink(missing_ok=True)
    return actual


def copy(source: Path, target: Path, expected: str | None, name: str, report: Report | None = None) -> str:
    """Copy a local file; its SHA-256."""
    if not source.is_file():
        raise Complaint("engines.pull.no_file", kind="not_found", path=source)
    target.parent.mkdir(parents=True, exist_ok=True)
    size = source.stat().st_size
    room_for(target, size)
    meter = Meter(name, "copy", size, report)
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        _pour(iter(lambda: reading.read(BLOCK), b""), writing, digest.update, meter, 0)
    _compare(source.name, expected, digest.hexdigest(), target)
    return digest.hexdigest()


def room_for(path: Path, size: int) -> None:
    """Raises `Complaint` when the disk has no room for `size` more bytes."""
    if size > LARGEST:
        raise Complaint("engines.pull.too_large", size=size >> 20)
    free = shutil.disk_usage(path.parent).free
    if size > free:
        raise Complaint("engines.pull.no_room", folder=path.parent, needed=size >> 20, free=free >> 20)


class _CutError(Exception):
    """The download broke off; trying again may help."""


def _attempt(place: Place, part: Path, meter: Meter) -> str:
    have, headers = _resume(place, part)
    answer = place.web.open(place.url, (*place.headers, *headers))
    with answer:
        if answer.status == 416:  # the part is longer than the file is now
            part.unlink(missing_ok=True)
            raise _CutError("the file changed")
        if answer.status not in {200, 206}:
            raise refused(place, answer)
        if answer.status == 200 or not _continues(answer, have):
            have = 0
        length = header_of(answer, "Content-Length")
        total = have + int(length) if length is not None and length.isdigit() else place.size
        room_for(part, (total or 0) - have)
        digest = hashlib.sha256()
        if have:
            with part.open("rb") as existing:
                for block in iter(lambda: existing.read(BLOCK), b""):
                    digest.update(block)
        etag = header_of(answer, "ETag")
        _validator(part).write_bytes(msgspec.json.encode(_Validator(place.url, etag, place.sha256)))
        with part.open("r+b" if have else "wb") as writing:
            writing.seek(have)
            writing.truncate()
            done = _pour(_blocks(answer), writing, digest.update, meter, have, total)
    if total is not None and done != total:
        raise _CutError(f"{done} of {total} bytes")
    return digest.hexdigest()


def _blocks(answer: Response) -> Iterator[bytes]:
    try:
        yield from iter(lambda: answer.read1(BLOCK), b"")
    except (OSError, http.client.HTTPException) as error:
        raise _CutError(str(error) or type(error).__name__) from error


def _resume(place: Place, part: Path) -> tuple[int, tuple[tuple[str, str], ...]]:
    """How much of the file is there, and the headers that ask for the rest."""
    try:
        known = msgspec.json.decode(_validator(part).read_bytes(), type=_Validator)
        have = part.stat().st_size
    except (OSError, msgspec.DecodeError):
        return 0, ()
    same = known.sha256 == place.sha256 and (known.sha256 is not None or known.url == place.url)
    if not have or not same:
        return 0, ()
    headers: tuple[tuple[str, str], ...] = (("Range", f"bytes={have}-"),)
    if known.etag is not None and not known.etag.startswith("W/") and known.url == place.url:
        headers += (("If-Range", known.etag),)
    elif known.sha256 is None:
        return 0, ()  # nothing would tell whether the rest belongs to what we have
    return have, headers


def _continues(answer: Response, have: int) -> bool:
    return (header_of(answer, "Content-Range") or "").startswith(f"bytes {have}-")


def _pour(
    blocks: Iterator[bytes],
    writing: IO[bytes],
    digest: Callable[[bytes], None],
    meter: Meter,
    done: int,
    total: int | None = None,
) -> int:
    for block in blocks:
        writing.write(block)
        digest(block)
        done += len(block)
        if done > LARGEST:
            raise Complaint("engines.pull.too_large", size=done >> 20)
        meter(done, total)
    writing.flush()
    os.fsync(writing.fileno())
    return done


def _compare(filename: str, expected: str | None, actual: str, path: Path) -> None:
    if expected is not None and expected != actual:
        path.unlink(missing_ok=True)
        _validator(path).unlink(missing_ok=True)
        raise Complaint("engines.pull.wrong_hash", file=filename, expected=expected, actual=actual)


def _validator(part: Path) -> Path:
    return part.with_name(part.name + ".from")


def refused(place: Place, answer: Response) -> Complaint:
    """What to say of a status that is no success."""
    values = {"host": urlsplit(place.url).hostname, "file": place.filename, "status": answer.status}
    if answer.status in {401, 403}:
        return Complaint("engines.pull.denied", kind="denied", **values)
    if answer.status in {404, 410}:
        return Complaint("engines.pull.absent", kind="not_found", **values)
    return Complaint("engines.pull.status", kind="unavailable", **values)
