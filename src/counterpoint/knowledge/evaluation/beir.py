"""Sets in the layout of BEIR: what is to be found, what is asked, and what is right.

A corpus and queries as lines of JSON, judgements as a table whose columns tabs separate, with or without its header
(https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset). A line that is not so is named by its number.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.documents import Block, Parsed, Passage
from counterpoint.knowledge.passages import passages_of
from counterpoint.knowledge.text import language_of

_FIRST: Final = "test.tsv"
_COLUMNS: Final = 3
_VERSION: Final = "1"
_ASKED_FOR_LANGUAGE: Final = 100


class Entry(msgspec.Struct, frozen=True, rename={"id": "_id"}):
    """A document of the corpus. Some sets write `null` where there is no text or title."""

    id: str
    text: str | None
    title: str | None = ""


class Query(msgspec.Struct, frozen=True, rename={"id": "_id"}):
    """What is asked."""

    id: str
    text: str


class BeirSet(msgspec.Struct, frozen=True):
    """`judged`: by question, documents and their grades, those alone that are above nothing. Questions without any
    are left out. `language`: the questions'."""

    name: str
    entries: tuple[Entry, ...]
    queries: tuple[Query, ...]
    judged: dict[str, dict[str, int]]
    language: str


def read(folder: Path) -> BeirSet:
    """The set in `folder`. Raises `Complaint`."""
    entries = tuple(_records(folder / "corpus.jsonl", Entry))
    queries = {query.id: query for query in _records(folder / "queries.jsonl", Query)}
    known = {entry.id for entry in entries}
    judged: dict[str, dict[str, int]] = {}
    path = _judgements(folder)
    for number, (question, document, grade) in _rows(path, queries):
        if question not in queries or document not in known:
            id_ = document if question in queries else question
            raise Complaint("knowledge.evaluation.unknown_id", path=path, line=number, id=id_[:100])
        if grade > 0:
            judged.setdefault(question, {})[document] = grade
    if not judged:
        raise Complaint("knowledge.evaluation.nothing_judged", path=path)
    asked = tuple(query for query in queries.values() if query.id in judged)
    return BeirSet(folder.resolve().name, entries, asked, judged, _language(asked))


def passages(entry: Entry) -> tuple[Passage, ...]:
    """A document as it is indexed: each of its lines is a paragraph."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", entry.text or "")]
    blocks: list[Block] = []
    at = 0
    for line in filter(None, lines):
        blocks.append(Block("paragraph", at, at + len(line)))
        at += len(line) + 2
    text = "\n\n".join(filter(None, lines))
    if not blocks:
        text = entry.title or entry.id
        blocks.append(Block("paragraph", 0, len(text)))
    return passages_of(Parsed(text, tuple(blocks), title=entry.title or ""), entry.id, _VERSION)


def _records(path: Path, kind: type[Any]) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(kind)
    count = 0
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            record = decoder.decode(line)
        except msgspec.DecodeError as error:
            raise Complaint("knowledge.evaluation.line", path=path, line=number, reason=error) from error
        if record.id in seen:
            raise Complaint("knowledge.evaluation.twice", path=path, line=number, id=record.id[:100])
        seen.add(record.id)
        count += 1
        yield record
    if not count:
        raise Complaint("knowledge.evaluation.empty", path=path)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except FileNotFoundError as error:
        raise Complaint("knowledge.evaluation.missing", kind="not_found", path=path) from error
    except UnicodeDecodeError as error:
        raise Complaint("knowledge.evaluation.encoding", path=path) from error


def _judgements(folder: Path) -> Path:
    found = sorted((folder / "qrels").glob("*.tsv"))
    if not found:
        raise Complaint("knowledge.evaluation.missing", kind="not_found", path=folder / "qrels" / _FIRST)
    return next((path for path in found if path.name == _FIRST), found[0])


def _rows(path: Path, queries: Container[str]) -> Iterator[tuple[int, tuple[str, str, int]]]:
    for number, line in _lines(path):
        cells = line.rstrip("\r\n").split("\t")
        if number == 1 and _is_header(cells, queries):
            continue
        try:
            question, document, grade = cells
            yield number, (question, document, int(grade))
        except ValueError as error:
            reason = "query-id<TAB>corpus-id<TAB>score"
            raise Complaint("knowledge.evaluation.row", path=path, line=number, reason=reason) from error


def _is_header(cells: list[str], queries: Container[str]) -> bool:
    """Whatever it calls its columns: no question is called so, and a grade has no letters."""
    named = len(cells) == _COLUMNS and any(sign.isalpha() for sign in cells[-1])
    return named and cells[0] not in queries


def _language(queries: tuple[Query, ...]) -> str:
    counts = Counter(language_of(query.text) for query in queries[:_ASKED_FOR_LANGUAGE])
    counts.pop("", None)
    return counts.most_common(1)[0][0] if counts else ""
