"""What was used and what it cost, as files: for spreadsheets, programs and whoever has millions of rows."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, BinaryIO, Literal

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from counterpoint.api.access import require
from counterpoint.api.pipe import piped
from counterpoint.api.routes.given import Given
from counterpoint.api.routes.usage import Chosen, Local
from counterpoint.api.shapes.usage import Dimension
from counterpoint.control.export import Format

router = APIRouter(prefix="/usage", tags=["usage"])
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
_FILE = {"schema": {"type": "string", "format": "binary"}}
_CONTENT = {media.partition(";")[0]: _FILE for media in MEDIA_TYPES.values()} | {
    MEDIA_TYPES["json"]: {"schema": {"type": "array", "items": {"type": "object"}}}
}


@router.get(
    "/export",
    summary="Download as a file",
    dependencies=[require("usage.read")],
    response_class=StreamingResponse,
    responses={200: {"content": _CONTENT, "description": "The file, written while it is read."}},
)
def export(
    services: Given,
    which: Chosen,
    clocks: Local,
    of: Annotated[
        Literal["exchanges", "sums", "focus"],
        Query(
            description="Every exchange, sums by group and period, or charges in the columns of FOCUS 1.2."
        ),
    ] = "exchanges",
    as_: Annotated[Format, Query(alias="as", description="`jsonl`: one JSON object a line.")] = "csv",
    by: Annotated[list[Dimension], Query(max_length=4, description="For sums: what to group by.")] = [],  # noqa: B006
    period: Annotated[
        Literal["hour", "day"] | None, Query(description="For sums: the length of their steps.")
    ] = None,
) -> StreamingResponse:
    """All that the same filters count, oldest first; the file is not cut off at any number of rows."""
    query = which.query(tuple(dict.fromkeys(by)), period, clocks)
    usage = services.usage
    write: Callable[[BinaryIO], int]
    if of == "focus":
        write = partial(services.money.focus().export, query, as_, period or "day")
    elif of == "exchanges":
        write = partial(usage.export_entries, query, as_)
    else:
        write = partial(usage.export_report, query, as_)
    name = f"counterpoint-{of}-{datetime.now(UTC):%Y-%m-%d}.{as_}"
    return StreamingResponse(
        piped(write),
        media_type=MEDIA_TYPES[as_],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
