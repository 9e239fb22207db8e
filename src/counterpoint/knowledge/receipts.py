"""Receipts of answers: kept as they were made, shown as far as whoever reads them may see what they quote now."""

import builtins
from collections.abc import Collection

import msgspec
from sqlalchemy import Connection

from counterpoint.control.paging import MOST, Paged, paged, place_of
from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import principals
from counterpoint.knowledge.answers.receipt import Answer, Claim, Conflict, Receipt
from counterpoint.knowledge.asker import Asker
from counterpoint.knowledge.asking import AnswerView, Place, Withheld
from counterpoint.knowledge.documents import Span, document_of
from counterpoint.storage import accounts
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import receipts as store
from counterpoint.storage.database import Database
from counterpoint.storage.receipts import ReceiptRow

_LIST = "receipts"


class Receipts:
    """Those of one organisation."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def keep(self, receipt: Receipt, asker: Asker, withheld: Collection[Withheld]) -> AnswerView:
        """Of an answer just given; as its asker sees it."""
        row = ReceiptRow(
            id=receipt.id,
            organisation_id=self._organisation_id,
            account_id=asker.known_as,
            at=receipt.at,
            question=receipt.answer.question,
            body=msgspec.to_builtins(receipt),
            withheld=msgspec.to_builtins(list(withheld)),
        )
        with self._database.write() as connection:
            store.add(connection, row)
            return self._view(connection, row, asker)

    def list(
        self, asker: Asker, *, account: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Paged[AnswerView]:
        """Newest first: one's own; for auditors those of `account`, or all. Raises `Complaint`."""
        limit = max(1, min(limit, MOST))
        before = place_of(_LIST, cursor)
        whose = account if asker.audits else asker.known_as
        with self._database.read() as connection:
            rows = store.page(
                connection, self._organisation_id, account_id=whose, before=before, limit=limit + 1
            )
            views = [self._view(connection, row, asker) for row in rows]
        return paged(_LIST, views, limit, lambda view: view.receipt.id)

    def find(self, receipt_id: str, asker: Asker) -> AnswerView:
        """One's own, and for auditors anybody's. Raises `Complaint`."""
        with self._database.read() as connection:
            row = store.by_id(connection, self._organisation_id, receipt_id)
            if row is None or not (asker.audits or row.account_id == asker.known_as):
                raise _unknown(receipt_id)
            return self._view(connection, row, asker)

    def withheld(self, receipt_id: str) -> builtins.list[Withheld]:
        """What its asker was not shown. For auditors. Raises `Complaint`."""
        with self._database.read() as connection:
            row = store.by_id(connection, self._organisation_id, receipt_id)
        if row is None:
            raise _unknown(receipt_id)
        return msgspec.convert(row.withheld, list[Withheld])

    def _view(self, connection: Connection, row: ReceiptRow, asker: Asker) -> AnswerView:
        receipt = msgspec.convert(row.body, Receipt)
        cited = {span.document for span in _spans(receipt.answer)} | {
            source.document for source in receipt.answer.sources
        }
        looked_at = cited | set(map(document_of, receipt.passages))
        seen = readers.visible(connection, asker.principals, looked_at)
        whole = looked_at <= seen
        # The asker is told of nothing that he may not see now; who audits sees which documents there were.
        shown = (_audited if asker.audits else _remaining)(receipt.answer, seen, whole=whole)
        rows = documents.by_ids(connection, cited)
        account = accounts.by_id(connection, row.account_id) if row.account_id else None
        named = principals.named(
            connection, self._organisation_id, {source.right for source in shown.sources}
        )
        known = cited if asker.audits else cited & seen
        return AnswerView(
            receipt=msgspec.structs.replace(receipt, answer=shown),
            account=row.account_id,
            login=account.login if account is not None else "",
            places={each.id: Place(each.title, each.path) for each in rows if each.id in known},
            rights={each.id: each.name for each in named},
            complete=whole,
            dropped=sum(claim.state == "dropped" for claim in receipt.answer.claims),
        )


def _spans(answer: Answer) -> builtins.list[Span]:
    parts: tuple[Claim | Conflict, ...] = (*answer.claims, *answer.conflicts)
    return [span for part in parts for span in part.spans]


def _may(part: Claim | Conflict, seen: Collection[str]) -> bool:
    return all(span.document in seen for span in part.spans)


def _may_claim(claim: Claim, seen: Collection[str], *, whole: bool) -> bool:
    """What quotations carry says what they say; anything else may say what any of the passages said."""
    carried = claim.state == "supported" and bool(claim.spans)
    return (whole or carried) and _may(claim, seen)


def _remaining(answer: Answer, seen: Collection[str], *, whole: bool) -> Answer:
    """Without whatever rests on a document that may not be seen now. `whole`: all that was looked at may be."""
    claims = tuple(claim for claim in answer.claims if _may_claim(claim, seen, whole=whole))
    return msgspec.structs.replace(
        answer,
        claims=tuple(claim for claim in claims if claim.state != "dropped"),
        conflicts=tuple(conflict for conflict in answer.conflicts if _may(conflict, seen)),
        sources=tuple(source for source in answer.sources if source.document in seen),
        missing=answer.missing if whole else (),
        found=answer.found and any(claim.state == "supported" for claim in claims),
    )


def _audited(answer: Answer, seen: Collection[str], *, whole: bool) -> Answer:
    """Where everything stands; what it says only of documents that may be seen."""

    def blank(span: Span) -> Span:
        return span if span.document in seen else msgspec.structs.replace(span, quote="")

    def claim(given: Claim) -> Claim:
        may = _may_claim(given, seen, whole=whole)
        return msgspec.structs.replace(
            given,
            sentence=given.sentence if may else "",
            values=given.values if may else (),
            spans=tuple(map(blank, given.spans)),
        )

    def conflict(given: Conflict) -> Conflict:
        return msgspec.structs.replace(
            given, about=given.about if _may(given, seen) else "", spans=tuple(map(blank, given.spans))
        )

    return msgspec.structs.replace(
        answer,
        claims=tuple(map(claim, answer.claims)),
        conflicts=tuple(map(conflict, answer.conflicts)),
        missing=answer.missing if whole else (),
    )


def _unknown(receipt_id: str) -> Complaint:
    return Complaint("knowledge.receipts.unknown", kind="not_found", id=receipt_id[:60])
