"""Receipts of answers: one's own, and, for auditors, everybody's."""

from typing import Annotated

from fastapi import APIRouter, Query

from counterpoint.api.access import require
from counterpoint.api.routes.asker import Asking
from counterpoint.api.routes.given import Cursor, Given, Language, Limit
from counterpoint.api.shapes.answers import ReceiptLineShape, ReceiptShape, WithheldShape
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.knowledge import receipt_line_shape, receipt_shape, withheld_shape

router = APIRouter(prefix="/receipts", tags=["receipts"])
_own = [require("receipts.own")]


@router.get("", summary="List receipts", dependencies=_own)
def list_receipts(
    services: Given,
    asker: Asking,
    limit: Limit = 50,
    cursor: Cursor = None,
    account: Annotated[str | None, Query(max_length=60, description="Whose, by id: for auditors.")] = None,
) -> Page[ReceiptLineShape]:
    """Newest first: one's own; everybody's for auditors and owners."""
    page = services.knowledge().receipts.list(asker, account=account, cursor=cursor, limit=limit)
    return Page([receipt_line_shape(view) for view in page.items], page.next)


@router.get("/{receipt_id}", summary="Show a receipt", dependencies=_own)
def show_receipt(services: Given, asker: Asking, receipt_id: str, lang: Language) -> ReceiptShape:
    """Quotations as far as the reader may see them now: the right to audit is none to read documents."""
    return receipt_shape(services.knowledge().receipts.find(receipt_id, asker), lang)


@router.get(
    "/{receipt_id}/withheld", summary="Show what was withheld", dependencies=[require("receipts.read")]
)
def list_withheld(services: Given, receipt_id: str) -> Page[WithheldShape]:
    """Passages that would have been found but for the asker's rights, without what they say. Never shown to him."""
    return Page([withheld_shape(view) for view in services.knowledge().receipts.withheld(receipt_id)], None)
