"""How the platform is."""

from fastapi import APIRouter

from counterpoint.api.access import require
from counterpoint.api.routes.given import Given
from counterpoint.api.shapes.status import StatusShape

router = APIRouter(tags=["status"])


@router.get("/status", summary="How the platform is", dependencies=[require("status.read")])
def status(services: Given) -> StatusShape:
    """Workers, engines, the ledger's way to the database, versions."""
    return services.running.status()
