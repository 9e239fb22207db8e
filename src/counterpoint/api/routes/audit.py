"""The audit log: who changed what."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import StreamingResponse

from counterpoint.api.access import require
from counterpoint.api.pipe import piped
from counterpoint.api.routes.given import Cursor, Given, Limit, Moment
from counterpoint.api.shapes.audit import (
    AuditShape,
    VerdictShape,
    audit_page,
    audit_shape,
    verdict_shape,
)
from counterpoint.api.shapes.common import Page
from counterpoint.control.audit import AuditQuery
from counterpoint.storage.audit.acting import current

router = APIRouter(prefix="/audit", tags=["audit"])
_read = [require("audit.read")]
_MEDIA_TYPE = "application/jsonl"


class Acts:
    """The acts that are asked for."""

    def __init__(
        self,
        since: Annotated[Moment | None, Query(description="Included.")] = None,
        until: Annotated[Moment | None, Query(description="Not included.")] = None,
        actor: Annotated[str, Query(max_length=200, description="Whose: a kind of actor, or an id.")] = "",
        action: Annotated[str, Query(max_length=200, description="How the action begins.")] = "",
        outcome: Annotated[Literal["done", "refused"] | None, Query()] = None,
        words: Annotated[
            str, Query(max_length=200, description="In the kinds, ids and names of what was changed.")
        ] = "",
    ) -> None:
        self.query = AuditQuery(
            since=since, until=until, actor=actor, action=action, outcome=outcome, words=words
        )


Which = Annotated[Acts, Depends()]


@router.get("", summary="List acts", dependencies=_read)
def list_acts(services: Given, which: Which, limit: Limit = 50, cursor: Cursor = None) -> Page[AuditShape]:
    """Newest first."""
    return audit_page(services.audit.entries(which.query, cursor=cursor, limit=limit))


@router.get(
    "/export",
    summary="Download acts",
    dependencies=_read,
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
            "description": "One JSON object a line, oldest first.",
        }
    },
)
def export_acts(services: Given, which: Which) -> StreamingResponse:
    """What `counterpoint audit verify` checks, without us. With a filter on anything but time it is no chain."""
    audit, query = services.audit, which.query
    audit.note(current())  # first, so that the last act of an export is the export
    name = f"counterpoint-audit-{datetime.now(UTC):%Y-%m-%d}.jsonl"
    return StreamingResponse(
        piped(lambda out: audit.export(query, out)),
        media_type=_MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@router.get("/verdict", summary="Check the log", dependencies=_read)
def verdict(services: Given) -> VerdictShape:
    """Every entry, against the one before it and against the anchors."""
    return verdict_shape(services.audit.verify())


@router.get("/{sequence}", summary="Show an act", dependencies=_read)
def show_act(services: Given, sequence: Annotated[int, Path(ge=1, le=2**53)]) -> AuditShape:
    """By its number."""
    return audit_shape(services.audit.entry(sequence))
