"""How providers do, for the studio and for programs that watch over them. It reads, and changes nothing."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from counterpoint.api.access import require
from counterpoint.api.routes.given import Given
from counterpoint.api.shapes.standing import StandingsShape
from counterpoint.api.standing import standings

router = APIRouter(tags=["providers"])


@router.get("/standing", summary="How providers do", dependencies=[require("usage.read")])
def show_standing(
    services: Given, hours: Annotated[int, Query(ge=1, le=24 * 31, description="How far back.")] = 24
) -> StandingsShape:
    """By host and offering: whether calls go there, how many failed, how long they took, the last errors. What
    workers tell is of this machine's gateway."""
    return standings(services, timedelta(hours=hours))
