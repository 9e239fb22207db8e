"""Whether the control process lives and whether the platform can answer calls; for probes, without credentials."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from counterpoint.api.routes.given import Given

router = APIRouter(tags=["health"], default_response_class=PlainTextResponse)


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", summary="The process lives")
async def healthz() -> PlainTextResponse:
    """200 as long as the process answers at all."""
    return PlainTextResponse("ok\n")


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    summary="Calls can be answered",
    responses={503: {"description": "Not yet, or not now."}},
)
async def readyz(services: Given) -> PlainTextResponse:
    """200 when the gateway's workers accept calls and the database is there, else 503."""
    ready = services.running.is_ready()
    return PlainTextResponse("ready\n" if ready else "not ready\n", 200 if ready else 503)
