"""Who may see which file, as written beside the files: `access.toml` in any folder, `NAME.access.toml` beside a file.

```toml
[[rule]]
files = "*.pdf"
readers = ["alice@example.com", "Finance", "everybody"]
```

The first rule that fits holds, the nearest folder's before those above it, and a file's own before all. What cannot be
read rules all the same: whatever it is about is for nobody until it is mended. Capitals in such a file's name and how
accents are put together do not matter: a share spells names as it likes. Pure.
"""

import tomllib
from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from counterpoint.knowledge.sources.patterns import LONGEST, composed, matches
from counterpoint.knowledge.sources.port import EVERYBODY

NAME = "access.toml"
SIDECAR = f".{NAME}"
LARGEST = 1 << 20
"""Bytes of such a file."""
NOBODY: frozenset[str] = frozenset()


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a folder."""

    files: Annotated[str, Meta(max_length=LONGEST)]
    readers: tuple[str, ...]


class _Folder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[Rule, ...] = ()


class _Sidecar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    readers: tuple[str, ...]


def is_access_file(path: str) -> bool:
    """Such files are never documents."""
    name = _name(path)
    return name == NAME or name.endswith(SIDECAR)


class Access:
    """All rules of a tree, as they are found."""

    def __init__(self) -> None:
        self._folders: dict[str, tuple[Rule, ...]] = {}
        self._files: dict[str, frozenset[str]] = {}

    def add(self, path: str, data: bytes) -> str | None:
        """What stands in the access file of that path. What is wrong with it, in English as its parser says it."""
        rules: tuple[Rule, ...] = (Rule("**", ()),)
        readers = NOBODY
        wrong = None
        sidecar = _name(path).endswith(SIDECAR)
        about = _file(path[: -len(SIDECAR)]) if sidecar else composed(path.rpartition("/")[0])
        try:
            told = tomllib.loads(data.decode("utf-8-sig"))
            if about in (self._files if sidecar else self._folders):
                wrong = "there are two, by names that differ in capitals or accents only"
            elif sidecar:
                readers = frozenset(msgspec.convert(told, _Sidecar).readers)
            else:
                read = msgspec.convert(told, _Folder).rule
                wrong = next(
                    (f"no file is called {each.files!r}" for each in read if _is_lost(each.files)), None
                )
                rules = rules if wrong else read
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            wrong = str(error)
        if sidecar:
            self._files[about] = readers
        else:
            self._folders[about] = rules
        return wrong

    def readers(self, path: str) -> frozenset[str] | None:
        """Who may see that file, by the names that are written there; `None`: nothing is written about it."""
        if (own := self._files.get(_file(path))) is not None:
            return own
        path = composed(path)
        for folder in _above(path):
            below = path[len(folder) + 1 :] if folder else path
            for rule in self._folders.get(folder, ()):
                if matches(rule.files, below):
                    return frozenset(rule.readers)
        return None


def both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Whom both let in. `None`: whom the source itself lets in. Where that cannot be said by their names, fewer."""
    if one == other or (other is not None and EVERYBODY in other):
        return one
    if one is not None and EVERYBODY in one:
        return other
    return NOBODY if one is None or other is None else one & other


def _is_lost(pattern: str) -> bool:
    """Whether it can mean no file, so that the rule after it would hold for those that its author meant: written as
    Windows or a shell has paths."""
    return "\\" in pattern or not {"", ".", ".."}.isdisjoint(pattern.strip("/").split("/"))


def _name(path: str) -> str:
    return path.rpartition("/")[2].lower()


def _file(path: str) -> str:
    """The same for all spellings of a file's name."""
    folder, slash, name = composed(path).rpartition("/")
    return f"{folder}{slash}{name.casefold()}"


def _above(path: str) -> Iterator[str]:
    """The folders that it lies in, the nearest first; the last one is the root."""
    while path:
        path = path.rpartition("/")[0]
        yield path
