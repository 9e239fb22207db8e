"""Where documents lie once they are read, for who opens them and for who administers their sources."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

import msgspec

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.answers.places import span_of
from counterpoint.knowledge.contents import Contents
from counterpoint.knowledge.documents import Box, Parsed
from counterpoint.knowledge.opening import PassageView
from counterpoint.knowledge.passages import passages_of
from counterpoint.knowledge.pictures import Pictures
from counterpoint.knowledge.sources.kinds import KINDS, settings_of, site_of
from counterpoint.storage.knowledge import DocumentRow
from counterpoint.storage.knowledge_sources import SourceRow

_KEPT: Final = 16


class Library:
    """`knowledge.administering.Library` and `knowledge.opening.Shelf`. Safe between threads. `contents`: opened when
    they are first needed."""

    def __init__(self, contents: Callable[[], Contents]) -> None:
        self._contents = contents
        self._pictures = Pictures()
        self._parsed: OrderedDict[tuple[str, str], Parsed] = OrderedDict()
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
        return site_of(kind, settings)

    def keep(self, content: bytes) -> str:
        """Puts the bytes of an upload where contents are, and says their version."""
        return self._contents().put(content)

    def passages(self, document_id: str, version: str) -> list[PassageView]:
        """All, in order, of that version."""
        parsed = self.whole(document_id, version) if version else None
        if parsed is None:
            return []
        return [
            PassageView(passage, boxes_of(parsed, document_id, version, passage.start, passage.end))
            for passage in passages_of(parsed, document_id, version)
        ]

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
        key = (document_id, version)
        with self._lock:
            if key in self._parsed:
                self._parsed.move_to_end(key)
                return self._parsed[key]
        parsed = self._contents().get_parsed(document_id, version)
        if parsed is not None:
            with self._lock:
                self._parsed[key] = parsed
                while len(self._parsed) > _KEPT:
                    self._parsed.popitem(last=False)
        return parsed


def boxes_of(parsed: Parsed, document: str, version: str, start: int, end: int) -> tuple[Box, ...]:
    """Where these characters stand on their pages."""
    return span_of(parsed, document, version, start, end).boxes if parsed.lines else ()
