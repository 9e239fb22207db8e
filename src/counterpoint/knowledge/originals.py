"""What documents were made of, where their source cannot be asked for it again: a backup has to hold it.

Uploads are nowhere else, and a feed forgets what it named. Every other source gives its documents once more.
"""

from collections.abc import Callable, Collection
from typing import Final

from sqlalchemy import Connection

from counterpoint.knowledge.contents import Contents
from counterpoint.knowledge.sources.kinds import KINDS
from counterpoint.storage import knowledge as documents

FORGETFUL: Final = tuple(name for name, kind in KINDS.items() if not kind.complete)
"""Kinds of sources that do not list all that they have given."""


class Originals:
    """`contents`: opened when there is something to read or to keep."""

    def __init__(self, contents: Callable[[], Contents]) -> None:
        self._contents = contents

    def versions(self, connection: Connection) -> list[str]:
        """SHA-256 of each, once."""
        return documents.versions_of(connection, FORGETFUL)

    def named(self, connection: Connection, versions: Collection[str]) -> list[str]:
        """The documents that still want these, as `source: path`."""
        return [f"{source}: {path}" for source, path in documents.named_by(connection, versions, FORGETFUL)]

    def read(self, version: str) -> bytes | None:
        """`None`: it is gone meanwhile, or not whole."""
        return self._contents().get(version)

    def keep(self, data: bytes) -> str:
        """Puts it where contents are, and says its version."""
        return self._contents().put(data)
