"""A folder of this machine, with all that lies below it.

Links are followed to files within the folder only, and never to folders or through them; hidden files and what programs
leave lying about are no documents, nor is what leads to them. Who may see what stands in `access.toml` files
(`access.py`): what a link leads to is for those whom the rules of both places let in.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePath

import msgspec

from counterpoint.knowledge.sources import access
from counterpoint.knowledge.sources.media import media_type_of
from counterpoint.knowledge.sources.paths import sayable
from counterpoint.knowledge.sources.patterns import wanted
from counterpoint.knowledge.sources.port import (
    Bounds,
    ChangedError,
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
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_DEEPEST = 200
"""Folders in folders."""


class _Found(msgspec.Struct, frozen=True):
    """A file, or a link to one. `real`: where it lies, from the root; of access files their path."""

    path: str
    real: str


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
        for found in self._walk():
            if isinstance(found, Trouble):
                yield found
            elif not access.is_access_file(found.path):
                yield from self._item(found)

    def fetch(self, path: str, mark: str = "") -> bytes:
        """What stands in it now, if that is what was listed."""
        self._check()
        return self._read(path, self._bounds.largest, mark)

    def rights(self) -> Iterator[Ruled | Trouble]:
        """As the access files say that are there now."""
        self._check()
        rules = access.Access()
        files = []
        for found in self._walk():
            if isinstance(found, Trouble):
                yield found
            elif access.is_access_file(found.path):
                yield from self._learn(rules, found.path)
            else:
                files.append(found)
        met = {found.path for found in files}
        for found in files:
            readers = rules.readers(found.path)
            if found.real != found.path:
                there = rules.readers(found.real) if found.real in met else access.NOBODY
                readers = access.both(readers, there)
            yield Ruled(found.path, readers, self._mark(found.path))

    def close(self) -> None:
        """Nothing is open between two looks."""

    def _check(self) -> None:
        """That it is there, and that the operator allows it. Raises `SourceError`."""
        refuse_unallowed(self._root, self._bounds, self._settings.path)
        if not self._root.is_dir():
            raise SourceError("knowledge.source.folder_missing", path=self._settings.path)

    def _walk(self) -> Iterator[_Found | Trouble]:
        """Files of a folder before those of folders in it, each in the order of its name. What is called as an access
        file is one, whatever it is."""
        ahead = [""]
        while ahead:
            below = ahead.pop()
            folders = []
            for found in self._in_folder(below):
                if isinstance(found, str):
                    folders.append(found)
                else:
                    yield found
            ahead += reversed(folders)

    def _in_folder(self, below: str) -> Iterator[_Found | Trouble | str]:
        """`str`: a folder in it."""
        if below.count("/") >= _DEEPEST:
            yield Trouble("knowledge.source.folder_too_deep", below, {"path": below, "most": str(_DEEPEST)})
            return
        try:
            with os.scandir(self._root / below) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield _unreadable(below, error)
            return
        for entry in found:
            path = f"{below}/{entry.name}" if below else entry.name
            if _hidden(entry.name):
                continue
            if not sayable(path):
                yield Trouble("knowledge.source.name_unreadable", ascii(path), {"path": ascii(path)})
                continue
            try:
                if (each := self._entry(path, entry)) is not None:
                    yield each
            except OSError as error:
                yield _unreadable(path, error)

    def _entry(self, path: str, entry: os.DirEntry[str]) -> _Found | str | None:
        if access.is_access_file(path):
            return _Found(path, path)
        if entry.is_dir(follow_symlinks=False):
            return None if self._within_apart(self._root / path) else path
        real = self._real(path) if entry.is_symlink() else path
        if real is None or (real == path and not entry.is_file()) or self._within_apart(self._root / real):
            return None
        return _Found(path, real)

    def _within_apart(self, path: PurePath) -> bool:
        return any(path.is_relative_to(apart) for apart in self._apart)

    def _real(self, path: str) -> str | None:
        """Where the file lies that it is, if it is one, and a document or an access file of this folder."""
        place = self._root / path
        real = Path(os.path.realpath(place))
        if not real.is_relative_to(self._root) or self._within_apart(real) or not real.is_file():
            return None
        if os.path.realpath(place.parent) != str(place.parent):
            return None  # a folder on the way is a link
        there = real.relative_to(self._root)
        told = there.as_posix()
        if any(map(_hidden, there.parts)) or not sayable(told):
            return None
        if told == path or access.is_access_file(path):
            return told
        return told if wanted(told, (), self._settings.exclude) and not access.is_access_file(told) else None

    def _item(self, found: _Found) -> Iterator[Item | Trouble]:
        path = found.path
        if not wanted(path, self._settings.include, self._settings.exclude):
            return
        try:
            told = (self._root / path).stat()
        except FileNotFoundError:
            return  # it has just gone
        except OSError as error:
            yield _unreadable(path, error)
            return
        yield Item(
            path,
            mark=f"{_content_of(told)}{told.st_ino}",
            size=told.st_size,
            media_type=media_type_of(path),
            modified=told.st_mtime_ns // 1000,
        )

    def _mark(self, path: str) -> str:
        """Of what is there after the rules were read; empty: nothing is."""
        try:
            return _content_of((self._root / path).stat())
        except OSError:
            return ""

    def _read(self, path: str, largest: int, mark: str = "") -> bytes:
        real = self._real(path)
        if real is None:
            raise VanishedError("knowledge.source.vanished")
        try:
            handle = self._opened(PurePath(real))
            with open(handle, "rb") as file:
                told = os.fstat(handle)
                if not stat.S_ISREG(told.st_mode):
                    raise VanishedError("knowledge.source.vanished")
                data = file.read(largest + 1)
                # Asked last: it may have changed while it was read.
                if mark and not mark.startswith(_content_of(os.fstat(handle))):
                    raise ChangedError("knowledge.source.changed_meanwhile")
        except FileNotFoundError:
            raise VanishedError("knowledge.source.vanished") from None
        except OSError as error:
            raise SourceError(_UNREADABLE, path=path, reason=error.strerror or str(error)) from error
        if len(data) > largest:
            raise too_large(largest)
        return data

    def _opened(self, real: PurePath) -> int:
        """Through no link that took the place of a folder or of the file meanwhile, and without waiting for whoever
        writes into a pipe."""
        folder = os.open(self._root, _FOLDER)
        try:
            for name in real.parts[:-1]:
                deeper = os.open(name, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = deeper
            return os.open(real.name, _FILE, dir_fd=folder)
        finally:
            os.close(folder)

    def _learn(self, rules: access.Access, path: str) -> Iterator[Trouble]:
        try:
            data = self._read(path, access.LARGEST)
        except SourceError as error:
            rules.add(path, b"\x00")
            yield Trouble(
                "knowledge.source.access_unreadable",
                path,
                {"path": path, "reason": _why(error)},
            )
            return
        wrong = rules.add(path, data)
        if wrong is not None:
            yield Trouble("knowledge.source.access_broken", path, {"path": path, "reason": wrong})


def _content_of(told: os.stat_result) -> str:
    """How a mark begins. What follows is the file's number: another one is worth a look, but shares that are mounted
    from elsewhere give a file another one from time to time."""
    return f"{told.st_mtime_ns}-{told.st_size}-"


def too_large(largest: int) -> SourceError:
    """The document is left out."""
    return SourceError("knowledge.source.too_large", lasting=True, megabytes=str(largest >> 20))


def refuse_unallowed(root: Path, bounds: Bounds, told: str) -> None:
    """Unless the operator lets that folder (links resolved) be read. `told`: as people call it. Raises
    `SourceError`."""
    below = _below_allowed(root, bounds)
    if not below:
        raise SourceError("knowledge.source.folder_not_allowed", path=told)
    if all(any(map(_hidden, each.parts)) for each in below):
        raise SourceError("knowledge.source.folder_hidden", path=told)


def allowed(place: Path, bounds: Bounds) -> bool:
    """Whether the operator lets what lies there (links resolved) be read, hidden or not."""
    return bool(_below_allowed(place, bounds))


def _below_allowed(place: Path, bounds: Bounds) -> list[Path]:
    """Where it lies in each folder that may be read and has it."""
    if any(place.is_relative_to(os.path.realpath(each)) for each in bounds.apart):
        return []
    folders = [Path("/")] if bounds.folders is None else bounds.folders
    return [
        place.relative_to(real) for each in folders if place.is_relative_to(real := os.path.realpath(each))
    ]


def _unreadable(path: str, error: OSError) -> Trouble:
    return Trouble(_UNREADABLE, path, {"path": path or ".", "reason": error.strerror or str(error)})


def _why(error: SourceError) -> str:
    """An access file cannot be read."""
    if isinstance(error, VanishedError):
        return "no file, or a link that leads to none here"
    return error.values.get("reason", "> 1 MB")


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LITTER


def open_source(settings: FolderSettings, secret: str | None, bounds: Bounds, known: Known) -> FolderSource:
    """As every kind is opened."""
    return FolderSource(settings, secret, bounds, known)
