"""A folder of this machine, with all that lies below it.

Links are followed to files within the folder only, and never to folders; hidden files and what programs leave lying
about are no documents. Who may see what stands in `access.toml` files (`access.py`).
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from counterpoint.knowledge.sources import access
from counterpoint.knowledge.sources.media import media_type_of
from counterpoint.knowledge.sources.paths import sayable
from counterpoint.knowledge.sources.patterns import wanted
from counterpoint.knowledge.sources.port import (
    Bounds,
    Item,
    Known,
    Ruled,
    SourceError,
    Trouble,
    VanishedError,
)
from counterpoint.knowledge.sources.settings import FolderSettings

_LITTER = frozenset({"thumbs.db", "desktop.ini"})
_UNREADABLE = "knowledge.source.folder_unreadable"


class FolderSource:
    """Open. Every look at a file is a look at what is there at that moment."""

    def __init__(self, settings: FolderSettings, secret: str | None, bounds: Bounds, known: Known) -> None:
        self._settings = settings
        self._bounds = bounds
        self._root = Path(os.path.realpath(settings.path))
        self._apart = [os.path.realpath(apart) for apart in bounds.apart]

    def items(self) -> Iterator[Item | Trouble]:
        """By path."""
        self._check()
        for found in self._walk(""):
            if isinstance(found, Trouble):
                yield found
            elif not access.is_access_file(found):
                yield from self._item(found)

    def fetch(self, path: str) -> bytes:
        """What stands in it now."""
        self._check()
        return self._read(path, self._bounds.largest)

    def rights(self) -> Iterator[Ruled | Trouble]:
        """As the access files say that are there now."""
        self._check()
        rules = access.Access()
        files = []
        for found in self._walk(""):
            if isinstance(found, Trouble):
                yield found
            elif access.is_access_file(found):
                yield from self._learn(rules, found)
            else:
                files.append(found)
        for path in files:
            yield Ruled(path, rules.readers(path))

    def close(self) -> None:
        """Nothing is open between two looks."""

    def _check(self) -> None:
        """That it is there, and that the operator allows it. Raises `SourceError`."""
        if not allowed(self._root, self._bounds):
            raise SourceError("knowledge.source.folder_not_allowed", lasting=True, path=self._settings.path)
        if not self._root.is_dir():
            raise SourceError("knowledge.source.folder_missing", path=self._settings.path)

    def _walk(self, below: str) -> Iterator[str | Trouble]:
        """Paths of files, those of a folder before those of folders in it."""
        folders = []
        try:
            with os.scandir(self._root / below) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield Trouble(_UNREADABLE, below, {"path": below or ".", "reason": error.strerror or str(error)})
            return
        for entry in found:
            path = f"{below}/{entry.name}" if below else entry.name
            if _hidden(entry.name):
                continue
            if not sayable(path):
                yield Trouble("knowledge.source.name_unreadable", ascii(path), {"path": ascii(path)})
            elif entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif self._real(path) is not None:
                yield path
        for folder in folders:
            if not self._within_apart(self._root / folder):
                yield from self._walk(folder)

    def _within_apart(self, path: Path) -> bool:
        return any(path.is_relative_to(apart) for apart in self._apart)

    def _real(self, path: str) -> Path | None:
        """The file that it is, if it is one, and in the folder."""
        real = Path(os.path.realpath(self._root / path))
        inside = real.is_relative_to(self._root) and not self._within_apart(real)
        return real if inside and real.is_file() else None

    def _item(self, path: str) -> Iterator[Item | Trouble]:
        if not wanted(path, self._settings.include, self._settings.exclude):
            return
        try:
            told = (self._root / path).stat()
        except FileNotFoundError:
            return  # it has just gone
        except OSError as error:
            yield Trouble(_UNREADABLE, path, {"path": path, "reason": error.strerror or str(error)})
            return
        yield Item(
            path,
            mark=f"{told.st_mtime_ns}-{told.st_size}-{told.st_ino}",
            size=told.st_size,
            media_type=media_type_of(path),
            modified=told.st_mtime_ns // 1000,
        )

    def _read(self, path: str, largest: int) -> bytes:
        real = self._real(path)
        if real is None:
            raise VanishedError("knowledge.source.vanished")
        try:
            # Not a link that took its place meanwhile, and without waiting for whoever writes into a pipe.
            handle = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(handle, "rb") as file:
                told = os.fstat(handle)
                if not stat.S_ISREG(told.st_mode):
                    raise VanishedError("knowledge.source.vanished")
                data = file.read(largest + 1)
        except FileNotFoundError:
            raise VanishedError("knowledge.source.vanished") from None
        except OSError as error:
            raise SourceError(_UNREADABLE, path=path, reason=error.strerror or str(error)) from error
        if len(data) > largest:
            raise too_large(largest)
        return data

    def _learn(self, rules: access.Access, path: str) -> Iterator[Trouble]:
        try:
            data = self._read(path, access.LARGEST)
        except SourceError as error:
            rules.add(path, b"\x00")
            yield Trouble(
                "knowledge.source.access_unreadable",
                path,
                {"path": path, "reason": error.values.get("reason", "> 1 MB")},
            )
            return
        wrong = rules.add(path, data)
        if wrong is not None:
            yield Trouble("knowledge.source.access_broken", path, {"path": path, "reason": wrong})


def too_large(largest: int) -> SourceError:
    """The document is left out."""
    return SourceError("knowledge.source.too_large", lasting=True, megabytes=str(largest >> 20))


def allowed(root: Path, bounds: Bounds) -> bool:
    """Whether the operator lets that folder (links resolved) be read."""
    if any(root.is_relative_to(os.path.realpath(apart)) for apart in bounds.apart):
        return False
    if bounds.folders is None:
        return True
    return any(root.is_relative_to(os.path.realpath(folder)) for folder in bounds.folders)


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LITTER


def open_source(settings: FolderSettings, secret: str | None, bounds: Bounds, known: Known) -> FolderSource:
    """As every kind is opened."""
    return FolderSource(settings, secret, bounds, known)
