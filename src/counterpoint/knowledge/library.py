"""Where documents lie once they are read, for who opens them and for who administers their sources."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.answers.places import boxes_of
from counterpoint.knowledge.contents import Contents
from counterpoint.knowledge.documents import Box, Parsed, Passage
from counterpoint.knowledge.passages import passages_of
from counterpoint.knowledge.pictures import Pictures
from counterpoint.knowledge.sources.kinds import KINDS, settings_of, shown_to
from counterpoint.storage.knowledge import DocumentRow
from counterpoint.storage.knowledge_sources import SourceRow

_KEPT: Final = 16


class Library:
    """`knowledge.administering.Library` and `knowledge.opening.Shelf`. Safe between threads. `contents`: opened when
    they are first needed."""

    def __init__(self, contents: Callable[[], Contents]) -> None:
        self._contents = contents
        self._pictures = Pictures()
        self._opened: OrderedDict[tuple[str, str], _Opened] = OrderedDict()
        self._lock = threading.Lock()

    def checked(self, kind: str, settings: dict[str, Any]) -> dict[str, Any]:
        """Settings as that kind takes them. Raises `Complaint`."""
        told: dict[str, Any] = msgspec.to_builtins(settings_of(kind, settings))
        return told

    def reports_rights(self, row: SourceRow) -> bool:
        """Whether that source says itself who may see what."""
        return KINDS[row.kind].reports_rights

    def site(self, kind: str, settings: dict[str, Any]) -> str:
        """To whom a source of that kind shows its secret. Raises `Complaint`."""
        return shown_to(kind, settings)

    def keep(self, content: bytes) -> str:
        """Puts the bytes of an upload where contents are, and says their version."""
        return self._contents().put(content)

    def passages(self, document_id: str, version: str) -> Sequence[Passage]:
        """All, in order, of that version."""
        opened = self._at_hand(document_id, version) if version else None
        return () if opened is None else opened.passages

    def boxes(self, passage: Passage) -> tuple[Box, ...]:
        """Where it stands on its document's pages."""
        parsed = self.whole(passage.document, passage.version)
        return () if parsed is None else boxes_of(parsed, passage.start, passage.end)

    def content(self, version: str) -> bytes | None:
        """As it was fetched."""
        return self._contents().get(version)

    def page(self, row: DocumentRow, number: int, width: int) -> bytes:
        """A picture (PNG). Raises `Complaint` where there is none."""
        version = row.indexed or row.version
        data = self._contents().get(version)
        if data is None or not data.startswith(b"%PDF"):
            raise Complaint("knowledge.documents.no_pictures", kind="not_found")
        return self._pictures.page(version, data, number, width)

    def whole(self, document_id: str, version: str) -> Parsed | None:
        """What a document says, with where it stands."""
        opened = self._at_hand(document_id, version)
        return None if opened is None else opened.parsed

    def _at_hand(self, document_id: str, version: str) -> "_Opened | None":
        key = (document_id, version)
        with self._lock:
            if key in self._opened:
                self._opened.move_to_end(key)
                return self._opened[key]
        parsed = self._contents().get_parsed(document_id, version)
        if parsed is None:
            return None
        opened = _Opened(parsed, document_id, version)
        with self._lock:
            self._opened[key] = opened
            while len(self._opened) > _KEPT:
                self._opened.popitem(last=False)
        return opened


class _Opened:
    """A document that is at hand."""

    def __init__(self, parsed: Parsed, document: str, version: str) -> None:
        self.parsed = parsed
        self._named = (document, version)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Cut once, however many pages of them are asked for."""
        return passages_of(self.parsed, *self._named)
