"""Who may see which file, as written beside the files: `access.toml` in any folder, `NAME.access.toml` beside a file.

```toml
[[rule]]
files = "*.pdf"
readers = ["alice@example.com", "Finance", "everybody"]
```

The first rule that fits holds, the nearest folder's before those above it, and a file's own before all. What cannot be
read rules all the same: whatever it is about is for nobody until it is mended. Pure.
"""

import tomllib
from collections.abc import Iterator

import msgspec

from counterpoint.knowledge.sources.patterns import matches

NAME = "access.toml"
SIDECAR = f".{NAME}"
LARGEST = 1 << 20
"""Bytes of such a file."""
NOBODY: frozenset[str] = frozenset()


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a folder."""

    files: str
    readers: tuple[str, ...]


class _Folder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[Rule, ...] = ()


class _Sidecar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    readers: tuple[str, ...]


def is_access_file(path: str) -> bool:
    """Such files are never documents."""
    name = path.rpartition("/")[2]
    return name == NAME or name.endswith(SIDECAR)


class Access:
    """All rules of a tree, as they are found."""

    def __init__(self) -> None:
        self._folders: dict[str, tuple[Rule, ...]] = {}
        self._files: dict[str, tuple[str, ...]] = {}

    def add(self, path: str, data: bytes) -> str | None:
        """What stands in the access file of that path. What is wrong with it, in English as its parser says it."""
        rules: tuple[Rule, ...] = (Rule("**", ()),)
        readers: tuple[str, ...] = ()
        wrong = None
        sidecar = path.endswith(SIDECAR)
        try:
            told = tomllib.loads(data.decode("utf-8-sig"))
            if sidecar:
                readers = msgspec.convert(told, _Sidecar).readers
            else:
                rules = msgspec.convert(told, _Folder).rule
        except (ValueError, msgspec.MsgspecError) as error:
            wrong = str(error)
        if sidecar:
            self._files[path.removesuffix(SIDECAR)] = readers
        else:
            self._folders[path.rpartition("/")[0]] = rules
        return wrong

    def readers(self, path: str) -> frozenset[str] | None:
        """Who may see that file, by the names that are written there; `None`: nothing is written about it."""
        if path in self._files:
            return frozenset(self._files[path])
        for folder in _above(path):
            below = path[len(folder) + 1 :] if folder else path
            for rule in self._folders.get(folder, ()):
                if matches(rule.files, below):
                    return frozenset(rule.readers)
        return None


def _above(path: str) -> Iterator[str]:
    """The folders that it lies in, the nearest first; the last one is the root."""
    while path:
        path = path.rpartition("/")[0]
        yield path
