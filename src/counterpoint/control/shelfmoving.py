"""Moves files and batches of an earlier version, which kept them in the data folder, into the database. Done once at a
start; what was moved leaves the folder, so a move that was cut short goes on with the next start."""

import logging
from pathlib import Path

import msgspec

from counterpoint.control.shelf import Shelf
from counterpoint.dialects.shelving import Batch, Result, StoredFile

FOLDER = "shelf"
_log = logging.getLogger(__name__)


def move_in(data: Path, shelf: Shelf) -> int:
    """How many files and batches were moved."""
    folder = data / FOLDER
    if not folder.is_dir():
        return 0
    moved = sum(_file_moved(path, shelf) for path in sorted((folder / "files").glob("*.json")))
    moved += sum(_batch_moved(path, shelf) for path in sorted((folder / "batches").glob("*.json")))
    if moved:
        _log.warning("%d files and batches were moved from %s into the database", moved, folder)
    return moved


def _file_moved(path: Path, shelf: Shelf) -> bool:
    file = msgspec.json.decode(path.read_bytes(), type=StoredFile)
    content = path.with_suffix(".content")
    shelf.keep_file(file, content.read_bytes() if content.exists() else None)
    path.unlink()
    content.unlink(missing_ok=True)
    return True


def _batch_moved(path: Path, shelf: Shelf) -> bool:
    batch = msgspec.json.decode(path.read_bytes(), type=Batch)
    lines, results = path.with_suffix(".lines"), path.with_suffix(".results")
    fresh = msgspec.structs.replace(batch, succeeded=0, failed=0, cancelled=0, expired=0)
    shelf.keep_batch(fresh, lines.read_bytes() if lines.exists() else None)
    for line in results.read_bytes().splitlines() if results.exists() else ():
        try:
            shelf.add_result(batch, msgspec.json.decode(line, type=Result))
        except msgspec.DecodeError:
            continue  # the line that a kill cut short; its call is made again
    for each in (path, lines, results):
        each.unlink(missing_ok=True)
    return True
