"""Which request goes to which dialect and operation; matched on the raw path, built from the dialects' own doors."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from counterpoint.dialects.base import ChatDialect, Door, RelayedDialect, WholeDialect
from counterpoint.dialects.registry import CHAT, RELAYED, SHELVES, WHOLE
from counterpoint.dialects.shelving import ShelfDialect

MODEL = "{model}"
"""In a door's path, where the model's name stands."""
ANY = "*"
"""In a door's path: one segment, whatever it is."""


class Entrance(msgspec.Struct, frozen=True):
    """A door, with the dialect behind it. `whole` is set for embeddings and rerankings, `relayed` for what is never
    translated, `shelf` for files and batches; `dialect` renders the errors of all of them."""

    door: Door
    dialect: ChatDialect
    whole: WholeDialect[Any, Any] | None = None
    relayed: RelayedDialect | None = None
    shelf: ShelfDialect | None = None


class Doors:
    """All doors. The first chat dialect registered renders the errors of requests that no door fits."""

    def __init__(self) -> None:
        self.default: ChatDialect = next(iter(CHAT.values()))
        entrances = [Entrance(door, dialect) for dialect in CHAT.values() for door in dialect.doors]
        for whole in (dialect for dialects in WHOLE.values() for dialect in dialects.values()):
            family = CHAT.get(whole.family, self.default)
            entrances += [Entrance(door, family, whole) for door in whole.doors]
        for relayed in RELAYED.values():
            family = CHAT.get(relayed.family, self.default)
            entrances += [Entrance(door, family, relayed=relayed) for door in relayed.doors]
        for shelf in SHELVES.values():
            family = CHAT.get(shelf.family, self.default)
            entrances += [Entrance(door, family, shelf=shelf) for door in shelf.doors]
        # Doors that ask for a header come first: they are the more particular ones.
        entrances.sort(key=lambda item: item.door.header is None)
        self._exact: dict[str, list[Entrance]] = {}
        self._prefix: list[tuple[str, Entrance]] = []
        self._around: list[tuple[str, str, Entrance]] = []
        self._shaped: list[tuple[re.Pattern[str], Entrance]] = []
        for entrance in entrances:
            path = entrance.door.path
            before, named, after = path.partition(MODEL)
            if ANY in path:
                self._shaped.append((_shape(path), entrance))
            elif named:
                self._around.append((before, after, entrance))
            elif path.endswith("/"):
                self._prefix.append((path, entrance))
            else:
                self._exact.setdefault(path, []).append(entrance)

    def find(self, path: str, headers: Mapping[bytes, bytes]) -> tuple[list[Entrance], str]:
        """The entrances at `path` that these headers fit, any method, and the path's argument."""
        entrances = self._exact.get(path)
        argument = ""
        if entrances is None:
            for before, after, entrance in self._around:
                if path.startswith(before) and path.endswith(after) and len(path) > len(before) + len(after):
                    return [entrance], path[len(before) : -len(after)]
            for shape, entrance in self._shaped:
                match = shape.fullmatch(path)
                if match is not None:
                    return [entrance], match[1] if MODEL in entrance.door.path else ""
            fitting = [(prefix, entrance) for prefix, entrance in self._prefix if path.startswith(prefix)]
            if not fitting or path == fitting[0][0]:
                return [], ""
            argument = path[len(fitting[0][0]) :]
            entrances = [entrance for _, entrance in fitting]
        if len(entrances) == 1:
            return entrances, argument
        return [item for item in entrances if _fits(item.door, headers)], argument

    def speaker(self, headers: Mapping[bytes, bytes], path: str) -> ChatDialect:
        """The dialect in which to refuse a request that no door takes: its path's family, else its headers'."""
        for shape, entrance in self._shaped:
            if shape.fullmatch(path):
                return entrance.dialect
        others = [item for _, item in self._prefix] + [item for _, _, item in self._around]
        for entrances in (*self._exact.values(), others):
            for entrance in entrances:
                if entrance.door.path == path or (
                    entrance.door.header is not None and entrance.door.header.encode() in headers
                ):
                    return entrance.dialect
        return self.default

    def paths(self) -> list[str]:
        """Every path with its method, for people."""
        doors = [item.door for items in self._exact.values() for item in items]
        doors += [item.door for _, _, item in self._around] + [item.door for _, item in self._shaped]
        return sorted({f"{door.method} {door.path}" for door in doors})


def _shape(path: str) -> re.Pattern[str]:
    """A pattern of the whole path; its group is the model."""
    escaped = re.escape(path).replace(re.escape(ANY), "[^/]+")
    return re.compile(escaped.replace(re.escape(MODEL), "(.+)"))


def _fits(door: Door, headers: Mapping[bytes, bytes]) -> bool:
    return door.header is None or door.header.encode() in headers
