"""Files that people bring: there is nothing to list, and nowhere to fetch them from again."""

from collections.abc import Iterator

from counterpoint.knowledge.sources.port import Bounds, Item, Known, Ruled, SourceError, Trouble
from counterpoint.knowledge.sources.settings import UploadSettings


class UploadSource:
    """Its documents are rows, their bytes are in `knowledge.contents`."""

    def items(self) -> Iterator[Item | Trouble]:
        """None that nobody knows of."""
        yield from ()

    def fetch(self, path: str, mark: str = "") -> bytes:
        """Asked only where the contents have lost it."""
        raise SourceError("knowledge.source.upload_lost", lasting=True)

    def rights(self) -> Iterator[Ruled | Trouble] | None:
        """Those of the source hold for all."""
        return None

    def close(self) -> None:
        """Nothing is open."""


def open_source(settings: UploadSettings, secret: str | None, bounds: Bounds, known: Known) -> UploadSource:
    """As every kind is opened."""
    return UploadSource()
