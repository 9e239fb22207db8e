"""What a page shows first, and what it is told while it is open."""

from datetime import timedelta, timezone
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import StreamingResponse

from counterpoint.api.access import Caller, Permission, require
from counterpoint.api.callers import is_still
from counterpoint.api.homing import home
from counterpoint.api.live import stream
from counterpoint.api.routes.given import Given, Language
from counterpoint.api.routes.usage import Local
from counterpoint.api.shapes.home import HomeShape

router = APIRouter(tags=["home"])
_reader = Permission("home.read")
_EVENT = {
    "type": "object",
    "description": "One event; its data are the JSON of what it tells.",
    "properties": {
        "event": {"type": "string", "enum": ["status", "job", "exchanges", "standing"]},
        "data": {"type": "string"},
    },
}
Reader = Annotated[Caller, Depends(_reader)]


@router.get("/home", summary="What to see first", dependencies=[require("home.read")])
def show_home(
    services: Given,
    caller: Reader,
    lang: Language,
    clocks: Local,
) -> HomeShape:
    """What runs, what today cost, what needs attention, first steps; as far as the caller may see it."""
    return home(services, caller.rights, lang, clocks.zone or timezone(clocks.offset % timedelta(days=1)))


@router.get(
    "/events",
    summary="What changes",
    dependencies=[require("home.read")],
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": _EVENT}}}},
)
async def events(request: Request, services: Given, caller: Reader, lang: Language) -> StreamingResponse:
    """Server-sent events: `status` (StatusShape, when it changed), `job` (JobShape, at every progress), `exchanges`
    (`added` since the event before, `shipped` since the start), `standing` (calls go to an offering that they did not
    go to, or no more), `still` (nothing new for a while). The first ones tell the present. The stream ends when the
    caller signs out or his rights are others."""
    return StreamingResponse(
        stream(services, caller.rights, lang, partial(is_still, services, request)),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )
