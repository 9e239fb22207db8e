"""What a source of documents is to the rest of knowledge: it lists, it fetches, and where it can, it says who may see
what. It keeps nothing: what it told last time is remembered for it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

Known = Callable[[str], str]
"""The mark that a path had when it was listed last; empty: it was not."""
EVERYBODY = "everybody"
"""Among the names of readers: whoever is signed in."""


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document that is there. `path`: by which the source knows it. `mark`: another one, and it is read again.
    `modified`: microseconds since the epoch. `data`: where listing it took fetching it."""

    path: str
    mark: str
    size: int = 0
    media_type: str = ""
    modified: int | None = None
    title: str = ""
    data: bytes | None = None


class Trouble(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something could not be looked at: what begins with `path` (empty: everything) may be there all the same.
    `reason`: an i18n id, with its values."""

    reason: str
    path: str = ""
    values: dict[str, str] = {}


class Ruled(msgspec.Struct, frozen=True):
    """Who may see a document, as the source names them; `None`: it says nothing of this one. `mark`: of what was there
    no earlier than this was said, or as much of its beginning as tells one content from another; of others, nothing was
    said."""

    path: str
    readers: frozenset[str] | None
    mark: str = ""


class SourceError(Exception):
    """It cannot be reached, or will not answer. `sentence`: its id. `lasting`: it is the document's fault, and trying
    again is no use before that is another one. What is the fault of an address, a setting or what the operator allows
    is mended elsewhere, and then all is well with the document."""

    def __init__(self, sentence: str, /, *, lasting: bool = False, **values: str) -> None:
        super().__init__(sentence)
        self.reason = sentence
        self.values = values
        self.lasting = lasting


class VanishedError(SourceError):
    """The document is not there any more: the next listing will say so."""


class ChangedError(SourceError):
    """The document is not what was listed any more: the next listing will say so, and then for whom it is."""


class Bounds(msgspec.Struct, frozen=True):
    """What the operator of the machine allows. `folders`: below which files may be read; `None`: any. `apart`: below
    which never, such as the platform's own data. `networks`: private ones that may be called; the Internet always may.
    `work`: a folder for what is at hand again faster than from afar. `largest`: bytes of one document."""

    work: Path
    folders: tuple[Path, ...] | None = ()
    apart: tuple[Path, ...] = ()
    networks: tuple[str, ...] = ()
    largest: int = 100 << 20


class Source(Protocol):
    """One that is open. Its methods wait for disks and networks. Raises `SourceError`."""

    def items(self) -> Iterator[Item | Trouble]:
        """All that is there now."""

    def fetch(self, path: str, mark: str = "") -> bytes:
        """A document's content, as it is now. `mark`: that with which it was listed; a source that says who may see
        what raises `ChangedError` where there is another one by now. Elsewhere what is new is for the same readers."""

    def rights(self) -> Iterator[Ruled | Trouble] | None:
        """Who may see each document; `None`: a source of this kind does not know. A document that is left out may be
        seen by nobody."""

    def close(self) -> None:
        """Let go of what is open."""
