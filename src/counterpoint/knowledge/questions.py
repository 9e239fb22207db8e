"""Questions: searched for and answered among what the asker may see, with a receipt of each answer. Whoever asks is
known by his principals of this moment, and so is whoever may see a document."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, Protocol

from sqlalchemy import Connection

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import principals
from counterpoint.knowledge.answers.answering import Answerer
from counterpoint.knowledge.answers.places import span_in
from counterpoint.knowledge.answers.port import Evidence
from counterpoint.knowledge.asker import Asker
from counterpoint.knowledge.asking import (
    AnswerView,
    CandidateView,
    Facet,
    Facets,
    FoundView,
    Results,
    Traced,
    Wanted,
    Withheld,
)
from counterpoint.knowledge.documents import Parsed, Passage
from counterpoint.knowledge.index.port import Filter
from counterpoint.knowledge.receipts import Receipts
from counterpoint.knowledge.search.values import Found, FoundPassage
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database
from counterpoint.storage.knowledge import DocumentRow

EVIDENCE: Final = 12
"""Passages that an answer is made of."""
_KINDS: Final = ("user", "group", "all")
"""Of several rights by which somebody sees a document, the narrowest is told."""


class Searching(Protocol):
    """`knowledge.search`, of one organisation."""

    def search(self, question: str, wanted: Filter, *, limit: int = 10) -> Found:
        """May wait for a model, and does without it where it is away."""


Whole = Callable[[str, str], Parsed | None]


class Questions:
    """`knowledge.asking.Asking`. `whole`: documents around passages."""

    def __init__(
        self,
        database: Database,
        organisation_id: str,
        searching: Callable[[], Searching],
        answerer: Answerer,
        whole: Whole,
        receipts: Receipts,
    ) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._searching = searching
        self._answerer = answerer
        self._whole = whole
        self._receipts = receipts

    def search(self, wanted: Wanted, asker: Asker) -> Results:
        """The best passages that he may see."""
        return self._shown(self._found(wanted, asker, wanted.limit), asker)

    def trace(self, wanted: Wanted, asker: Asker) -> Traced:
        """The same, and how it went."""
        found = self._found(wanted, asker, wanted.limit)
        trace = found.trace
        with self._database.read() as connection:
            ids = {each.passage.document for each in trace.candidates}
            seen = readers.visible(connection, asker.principals, ids)
            titles = {row.id: row.title or row.path for row in documents.by_ids(connection, seen)}
            named = principals.named(connection, self._organisation_id, trace.wanted.principals)
        candidates = [
            CandidateView(
                passage=each.passage,
                title=titles[each.passage.document],
                word_rank=each.word_rank,
                meaning_rank=each.meaning_rank,
                meaning_score=each.meaning_score,
                rank=each.rank,
            )
            for each in trace.candidates
            if each.passage.document in titles
        ]
        return Traced(
            results=self._shown(found, asker),
            terms=trace.terms,
            principals=tuple(named),
            model=trace.model,
            second_terms=trace.second_terms,
            second_search=bool(trace.second),
            candidates=tuple(candidates),
            micros=trace.micros,
        )

    def filters(self, asker: Asker) -> Facets:
        """What he can narrow a search down to."""
        with self._database.read() as connection:
            rows = readers.facets(connection, asker.principals)
            names = {row.id: row.name for row in sources.listed(connection, self._organisation_id)}
        found = {row.source_id for row in rows} & names.keys()
        return Facets(
            tuple(Facet(id_, names[id_]) for id_ in sorted(found, key=lambda id_: names[id_])),
            tuple(sorted({row.language for row in rows if row.language})),
            tuple(sorted({row.media_type for row in rows if row.media_type})),
        )

    def answer(self, wanted: Wanted, asker: Asker, lang: str) -> AnswerView:
        """What the documents say, with a receipt that is kept."""
        found = self._found(wanted, asker, EVIDENCE)
        evidence = self._evidence(found, asker)
        receipt = asyncio.run(self._answerer.answer(wanted.question, evidence))
        return self._receipts.keep(receipt, asker, self._withheld(wanted, asker))

    def _found(self, wanted: Wanted, asker: Asker, limit: int) -> Found:
        """Raises `Complaint`: blanks ask for nothing, and would be looked for as if somebody had asked."""
        if not wanted.question.strip():
            raise Complaint("knowledge.questions.empty", kind="invalid")
        return self._searching().search(wanted.question, _filter(wanted, asker.principals), limit=limit)

    def _shown(self, found: Found, asker: Asker) -> Results:
        with self._database.read() as connection:
            rows = self._rows(connection, (each.passage for each in found.items), asker)
            names = {row.id: row.name for row in sources.listed(connection, self._organisation_id)}
        items = [
            self._item(each, rows[each.passage.document], names)
            for each in found.items
            if each.passage.document in rows
        ]
        return Results(tuple(items), found.by_meaning)

    def _rows(
        self, connection: Connection, passages: Iterable[Passage], asker: Asker
    ) -> dict[str, DocumentRow]:
        """Of their documents, those that he may see now."""
        seen = readers.visible(connection, asker.principals, {passage.document for passage in passages})
        return {row.id: row for row in documents.by_ids(connection, seen) if row.state != documents.GONE}

    def _item(self, each: FoundPassage, row: DocumentRow, names: dict[str, str]) -> FoundView:
        passage = each.passage
        parsed = self._whole(passage.document, passage.version) if row.pages or passage.sheet else None
        spans = [span_in(passage, start, end, parsed) for start, end in each.highlights]
        return FoundView(
            passage=passage,
            title=row.title,
            path=row.path,
            source=row.source_id,
            source_name=names.get(row.source_id, ""),
            media_type=row.media_type,
            modified=row.modified_at,
            highlights=each.highlights,
            cell=next((span.cell for span in spans if span.cell), ""),
            boxes=tuple(box for span in spans for box in span.boxes),
            band=each.band,
        )

    def _evidence(self, found: Found, asker: Asker) -> list[Evidence]:
        with self._database.read() as connection:
            rows = self._rows(connection, (each.passage for each in found.items), asker)
            held = readers.of(connection, rows)
        return [
            Evidence(
                each.passage,
                rows[each.passage.document].title or rows[each.passage.document].path,
                _right(asker.principals & held[each.passage.document]),
                rows[each.passage.document].path,
            )
            for each in found.items
            if each.passage.document in rows
            and asker.principals & held.get(each.passage.document, frozenset())
        ]

    def _withheld(self, wanted: Wanted, asker: Asker) -> Sequence[Withheld]:
        """What somebody who is everybody would have found besides, for auditors: where it stands, not what it says."""
        with self._database.read() as connection:
            everyone = readers.principals(connection, self._organisation_id)
        found = self._searching().search(wanted.question, _filter(wanted, everyone), limit=EVIDENCE)
        ids = {each.passage.document for each in found.items}
        with self._database.read() as connection:
            hidden = ids - readers.visible(connection, asker.principals, ids)
            rows = {row.id: row for row in documents.by_ids(connection, hidden)}
        return [
            Withheld(
                document=each.passage.document,
                title=rows[each.passage.document].title,
                path=rows[each.passage.document].path,
                source=rows[each.passage.document].source_id,
                number=each.passage.number,
                page=each.passage.page,
            )
            for each in found.items
            if each.passage.document in rows
        ]


def _filter(wanted: Wanted, allowed: frozenset[str]) -> Filter:
    return Filter(
        principals=allowed,
        sources=wanted.sources,
        documents=wanted.documents,
        languages=wanted.languages,
        media_types=wanted.media_types,
        modified_from=wanted.modified_from,
        modified_to=wanted.modified_to,
    )


def _right(common: Collection[str]) -> str:
    return min(common, key=lambda principal: (_KINDS.index(principal.partition(":")[0]), principal))
