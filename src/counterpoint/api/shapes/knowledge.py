"""From what the services of `knowledge` say to what is shown."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

import msgspec

from counterpoint.api.shapes.answers import (
    AnswerShape,
    AskerShape,
    CitedShape,
    ClaimShape,
    ConflictShape,
    ReceiptLineShape,
    ReceiptShape,
    SpanShape,
    WithheldShape,
)
from counterpoint.api.shapes.common import instant, moment
from counterpoint.api.shapes.documents import (
    BoxShape,
    DocumentShape,
    DocumentState,
    PassageShape,
    PrincipalShape,
    WhyShape,
)
from counterpoint.api.shapes.search import (
    FacetShape,
    FiltersShape,
    FoundShape,
    HighlightShape,
    PassageRankShape,
    SearchShape,
    TraceShape,
)
from counterpoint.api.shapes.sources import KindShape, SourceKind, SourceShape, SyncShape
from counterpoint.i18n import say
from counterpoint.knowledge.pictures import DRAWN
from counterpoint.knowledge.sources.kinds import KINDS
from counterpoint.knowledge.syncing.state import Sync, seconds_left, standing

if TYPE_CHECKING:  # the command line shows help without loading a database library
    from counterpoint.knowledge.administering import DocumentView, SourceView
    from counterpoint.knowledge.answers.receipt import Claim
    from counterpoint.knowledge.asking import AnswerView, Facets, FoundView, Results, Traced, Withheld
    from counterpoint.knowledge.documents import Box, Span
    from counterpoint.knowledge.opening import PassageView, Why
    from counterpoint.knowledge.principals import PrincipalView
_SNIPPET = 200


def principal_shape(view: "PrincipalView") -> PrincipalShape:
    """One principal."""
    return PrincipalShape(view.id, view.kind, view.name)


def source_shape(view: "SourceView", lang: str) -> SourceShape:
    """One source."""
    row = view.row
    return SourceShape(
        id=row.id,
        name=row.name,
        kind=cast("SourceKind", row.kind),
        settings=row.settings,
        secret=row.secret is not None,
        readers=[principal_shape(each) for each in view.readers],
        content_every=row.content_every,
        rights_every=row.rights_every,
        paused=row.paused,
        removing=row.removing,
        content=_sync(view.content, view, lang),
        rights=_sync(view.rights, view, lang),
        owner=row.owner,  # type: ignore[arg-type]  # a column; `control.ownership` has its values
        created_at=instant(row.created_at),
        updated_at=instant(row.updated_at),
        revision=row.revision,
    )


def _sync(sync: Sync, view: "SourceView", lang: str) -> SyncShape:
    counts = view.counts
    waiting = counts.get("waiting", 0) + counts.get("reading", 0)
    of_content = sync is view.content
    return SyncShape(
        state=standing(sync),
        at=moment(sync.started_at or None),
        ok_at=moment(sync.succeeded_at or None),
        found=sum(counts.get(state, 0) for state in ("waiting", "reading", "ready", "skipped", "failed")),
        ready=counts.get("ready", 0) if of_content else view.readable,
        waiting=waiting if of_content else 0,
        skipped=counts.get("skipped", 0) if of_content else 0,
        failed=counts.get("failed", 0) if of_content else 0,
        rate=view.rate if of_content else None,
        seconds_left=seconds_left(waiting, view.rate) if of_content else None,
        error=say(sync.error, lang=lang, **sync.values) if sync.error else None,
    )


def kind_shapes() -> list[KindShape]:
    """What sources there can be."""
    return [
        KindShape(
            kind=cast("SourceKind", name),
            settings=[
                each.encode_name if each.required else f"{each.encode_name}?"
                for each in msgspec.structs.fields(kind.settings)
            ],
            secret=kind.secret,
            reports_rights=kind.reports_rights,
        )
        for name, kind in KINDS.items()
    ]


def document_shape(view: "DocumentView", lang: str) -> DocumentShape:
    """One document."""
    row = view.row
    return DocumentShape(
        id=row.id,
        source=row.source_id,
        source_name=view.source_name,
        path=row.path,
        title=row.title,
        media_type=row.media_type,
        size=row.size,
        state=cast("DocumentState", row.state),
        reason=say(row.reason, lang=lang, **(row.values or {})) if row.reason else None,
        tries=row.tries + row.begun,
        next_at=moment(row.next_at or None),
        language=row.language,
        pages=row.pages if row.media_type.startswith(DRAWN) else 0,
        passages=row.passages,
        modified=moment(row.modified_at),
        read_at=moment(row.read_at),
        version=row.version,
        embedded=row.embedded,
        may_read=view.may_read,
    )


def passage_shape(view: "PassageView") -> PassageShape:
    """One passage."""
    passage = view.passage
    return PassageShape(
        number=passage.number,
        text=passage.text,
        titles=list(passage.titles),
        page=passage.page,
        last_page=passage.last_page,
        sheet=passage.sheet,
        range=passage.range,
        table=passage.table,
        start=passage.start,
        end=passage.end,
        boxes=_boxes(view.boxes),
    )


def why_shape(why: "Why", lang: str) -> WhyShape:
    """In words, too."""
    names = ", ".join(each.name or say("knowledge.why.everybody", lang=lang) for each in why.through)
    sentence = "knowledge.why.may" if why.through else "knowledge.why.may_not"
    told = say(sentence, lang=lang, login=why.login, through=names)
    return WhyShape(why.login, bool(why.through), [principal_shape(each) for each in why.through], told)


def found_shape(view: "FoundView") -> FoundShape:
    """One passage that was found."""
    passage = view.passage
    return FoundShape(
        document=passage.document,
        version=passage.version,
        title=view.title,
        path=view.path,
        source=view.source,
        source_name=view.source_name,
        media_type=view.media_type,
        language=passage.language,
        modified=moment(view.modified),
        number=passage.number,
        text=passage.text,
        highlights=[HighlightShape(start, end) for start, end in view.highlights],
        titles=list(passage.titles),
        page=passage.page,
        sheet=passage.sheet,
        cell=view.cell,
        start=passage.start,
        end=passage.end,
        boxes=_boxes(view.boxes),
        band=view.band,
    )


def search_shape(results: "Results") -> SearchShape:
    """What a search found."""
    return SearchShape([found_shape(view) for view in results.items], results.by_meaning)


def filters_shape(facets: "Facets") -> FiltersShape:
    """What a search may be narrowed down to."""
    sources = [FacetShape(each.id, each.name) for each in facets.sources]
    return FiltersShape(sources, list(facets.languages), list(facets.media_types))


def trace_shape(traced: "Traced") -> TraceShape:
    """How a search went."""
    return TraceShape(
        terms=list(traced.terms),
        principals=[principal_shape(each) for each in traced.principals],
        by_meaning=traced.results.by_meaning,
        model=traced.model,
        second_search=traced.second_search,
        second_terms=list(traced.second_terms),
        candidates=[
            PassageRankShape(
                document=each.passage.document,
                title=each.title,
                number=each.passage.number,
                page=each.passage.page,
                text=each.passage.text[:_SNIPPET],
                word_rank=each.word_rank,
                meaning_rank=each.meaning_rank,
                meaning_score=each.meaning_score,
                rank=each.rank,
            )
            for each in traced.candidates
        ],
        milliseconds=round(traced.micros / 1000, 1),
        items=[found_shape(view) for view in traced.results.items],
    )


def answer_shape(view: "AnswerView", lang: str) -> AnswerShape:
    """What the documents say."""
    answer = view.receipt.answer
    return AnswerShape(
        question=answer.question,
        found=answer.found,
        mode=answer.mode,
        language=answer.language,
        claims=[_claim(claim, view, lang) for claim in answer.claims if claim.state != "dropped"],
        cited=[
            CitedShape(
                document=each.document,
                version=each.version,
                title=each.title,
                path=each.path,
                right=each.right,
                right_name=view.rights.get(each.right, ""),
            )
            for each in answer.sources
        ],
        conflicts=[
            ConflictShape(each.kind, each.about, _spans(each.spans, view)) for each in answer.conflicts
        ],
        missing=list(answer.missing),
        remarks=[say(remark, lang=lang) for remark in answer.remarks],
        model=view.receipt.model,
        receipt=view.receipt.id,
    )


def _claim(claim: "Claim", view: "AnswerView", lang: str) -> ClaimShape:
    told = [say(reason, lang=lang) for reason in claim.reasons]
    state = "supported" if claim.state == "supported" else "marked"
    return ClaimShape(claim.sentence, state, claim.score, told, _spans(claim.spans, view))  # type: ignore[arg-type]


def _spans(spans: "Iterable[Span]", view: "AnswerView") -> list[SpanShape]:
    return [
        SpanShape(
            document=span.document,
            version=span.version,
            title=view.places[span.document].title if span.document in view.places else "",
            path=view.places[span.document].path if span.document in view.places else "",
            start=span.start,
            end=span.end,
            quote=span.quote,
            page=span.page,
            sheet=span.sheet,
            cell=span.cell,
            boxes=_boxes(span.boxes),
        )
        for span in spans
    ]


def receipt_line_shape(view: "AnswerView") -> ReceiptLineShape:
    """A receipt in a list."""
    receipt = view.receipt
    return ReceiptLineShape(
        id=receipt.id,
        at=instant(receipt.at),
        asker=AskerShape(view.account, view.login),
        question=receipt.answer.question,
        found=receipt.answer.found,
        mode=receipt.answer.mode,
        model=receipt.model,
    )


def receipt_shape(view: "AnswerView", lang: str) -> ReceiptShape:
    """A receipt."""
    receipt = view.receipt
    return ReceiptShape(
        id=receipt.id,
        at=instant(receipt.at),
        asker=AskerShape(view.account, view.login),
        answer=answer_shape(view, lang),
        policy=receipt.policy,
        dropped=view.dropped,
        milliseconds=round(receipt.micros / 1000, 1),
        cost=None if receipt.cost is None else format(receipt.cost, "f"),
        currency=receipt.currency,
        complete=view.complete,
    )


def withheld_shape(view: "Withheld") -> WithheldShape:
    """One passage that was withheld."""
    return WithheldShape(view.document, view.title, view.path, view.source, view.number, view.page)


def _boxes(boxes: "Iterable[Box]") -> list[BoxShape]:
    return [BoxShape(box.page, box.left, box.top, box.right, box.bottom) for box in boxes]
