"""Documents of one passage each, indexed as the platform does it."""

from collections.abc import Iterable

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.embedding import Embedder
from counterpoint.knowledge.index.port import Filter, Indexed
from counterpoint.knowledge.passages import context
from counterpoint.knowledge.text import terms

EVERYBODY = frozenset({"all:here"})
WANTED = Filter(EVERYBODY)


def passage(document: str, text: str, *titles: str, language: str = "en", number: int = 0) -> Passage:
    """The whole document."""
    return Passage(document, "1", number, 0, len(text), text, titles, language)


def indexed(
    passages: Iterable[Passage],
    embedder: Embedder | None = None,
    readers: frozenset[str] = EVERYBODY,
    source: str = "source",
) -> list[Indexed]:
    """Each a document."""
    return [
        Indexed(
            source=source,
            document=one.document,
            version=one.version,
            readers=readers,
            passages=(one,),
            terms=(tuple(terms(context(one), one.language)),),
            vectors=tuple(embedder.passages([context(one)])) if embedder else None,
        )
        for one in passages
    ]
