"""Files and batches on disk: what clients stored with us, and how far their batches are.

Why files and not rows: contents are large, results grow line by line, and what is said of either is small and written
whole. Everything is written beside its place and moved there, so a kill leaves the old or the new, never a half. A
result is one appended line; a last line that a kill cut short is dropped when it is read.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from counterpoint.dialects.shelving import ENDED, Batch, Result, StoredFile
from counterpoint.storage.clock import now_micros

_Kind = TypeVar("_Kind", StoredFile, Batch)
_ID = re.compile(r"[A-Za-z0-9_-]{1,120}\Z")
_file = msgspec.json.Decoder(StoredFile)
_batch = msgspec.json.Decoder(Batch)
_result = msgspec.json.Decoder(Result)


class Shelf:
    """All of it, below one folder that only this user can open."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._batches = folder / "batches"

    def _place(self, folder: Path, id_: str, end: str) -> Path | None:
        return folder / f"{id_}{end}" if _ID.match(id_) else None

    # Files

    def keep_file(self, file: StoredFile, content: bytes | None) -> None:
        """Adds it. `content`: `None` where a host has it."""
        if content is not None:
            _write(self._files / f"{file.id}.content", content)
        _write(self._files / f"{file.id}.json", msgspec.json.encode(file))

    def file(self, project: str, id_: str) -> StoredFile | None:
        """A file of that project that has not expired."""
        place = self._place(self._files, id_, ".json")
        file = None if place is None else _read(place, _file)
        if file is None or file.project != project:
            return None
        if file.expires is not None and file.expires <= now_micros():
            self.drop_file(file)
            return None
        return file

    def files(self, project: str, style: str) -> list[StoredFile]:
        """All of that project's, newest first."""
        ids = (path.stem for path in self._files.glob("*.json"))
        found = (self.file(project, id_) for id_ in ids)
        mine = [file for file in found if file is not None and file.style == style]
        return sorted(mine, key=lambda file: (file.created, file.id), reverse=True)

    def content(self, file: StoredFile) -> bytes:
        """What is in it."""
        return (self._files / f"{file.id}.content").read_bytes()

    def drop_file(self, file: StoredFile) -> None:
        """It is gone."""
        (self._files / f"{file.id}.json").unlink(missing_ok=True)
        (self._files / f"{file.id}.content").unlink(missing_ok=True)

    # Batches

    def keep_batch(self, batch: Batch, lines: bytes | None = None) -> None:
        """Adds it, or writes how far it is."""
        if lines is not None:
            _write(self._batches / f"{batch.id}.lines", lines)
        _write(self._batches / f"{batch.id}.json", msgspec.json.encode(batch))

    def batch(self, project: str, id_: str) -> Batch | None:
        """A batch of that project."""
        place = self._place(self._batches, id_, ".json")
        batch = None if place is None else _read(place, _batch)
        return batch if batch is not None and batch.project == project else None

    def batches(self, project: str, style: str) -> list[Batch]:
        """All of that project's, newest first."""
        mine = [item for item in self._every() if (item.project, item.style) == (project, style)]
        return sorted(mine, key=lambda batch: (batch.created, batch.id), reverse=True)

    def unfinished(self) -> list[Batch]:
        """What we have to go on with after a restart."""
        return [batch for batch in self._every() if batch.state not in ENDED and not batch.host]

    def _every(self) -> Iterator[Batch]:
        for path in self._batches.glob("*.json"):
            batch = _read(path, _batch)
            if batch is not None:
                yield batch

    def lines(self, batch: Batch) -> bytes:
        """Its calls."""
        return (self._batches / f"{batch.id}.lines").read_bytes()

    def add_result(self, batch: Batch, result: Result) -> None:
        """What came of one call; it survives the death of this process."""
        place = self._batches / f"{batch.id}.results"
        with place.open("ab") as out:
            # What was begun before a kill ends here, so that it does not swallow this line.
            out.write(
                (b"\n" if out.tell() and not _ends_line(place) else b"") + msgspec.json.encode(result) + b"\n"
            )
            out.flush()
            os.fsync(out.fileno())

    def results(self, batch: Batch) -> list[Result]:
        """What has come so far."""
        place = self._batches / f"{batch.id}.results"
        if not place.exists():
            return []
        found = []
        for line in place.read_bytes().splitlines():
            try:
                found.append(_result.decode(line))
            except msgspec.DecodeError:
                continue  # the line that a kill cut short; its call is made again
        return found

    def drop_batch(self, batch: Batch) -> None:
        """It is gone."""
        for end in (".json", ".lines", ".results"):
            (self._batches / f"{batch.id}{end}").unlink(missing_ok=True)


def _ends_line(place: Path) -> bool:
    with place.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = place.with_name(f"{place.name}.new")
    with beside.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(place)


def _read(place: Path, decoder: "msgspec.json.Decoder[_Kind]") -> "_Kind | None":
    try:
        return decoder.decode(place.read_bytes())
    except FileNotFoundError:
        return None
