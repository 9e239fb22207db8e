"""The gateway as the playground calls it: with a person's session in place of a key."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from counterpoint.api.access import require
from counterpoint.api.problems import problem
from counterpoint.api.relay import is_door
from counterpoint.api.routes.given import Given
from counterpoint.api.shapes.playground import PlaygroundShape, playground_shape

router = APIRouter(tags=["playground"])
_ANSWERS: dict[int | str, dict[str, Any]] = {
    "default": {"description": "What the gateway answers, as it comes; errors in the dialect's words."}
}


@router.get("/playground", summary="What can be asked", dependencies=[require("playground.use")])
def show_playground(services: Given) -> PlaygroundShape:
    """The models that chat, with their prices and capabilities, and the address at which programs ask them."""
    return playground_shape(services.directory(), services.running.status().gateway)


@router.get(
    "/gateway/{path:path}",
    summary="Ask the gateway",
    response_class=Response,
    responses=_ANSWERS,
    dependencies=[require("playground.use")],
)
async def ask(request: Request, services: Given, path: str) -> Response:
    """For example `/api/v1/gateway/v1/models`."""
    return await _relayed(request, services, path, b"")


@router.post(
    "/gateway/{path:path}",
    summary="Call a model through the gateway",
    response_class=Response,
    responses=_ANSWERS,
    dependencies=[require("playground.use")],
)
async def call(request: Request, services: Given, path: str) -> Response:
    """For example `/api/v1/gateway/v1/chat/completions`, with the body that the gateway takes there. Streams
    come as they do from the gateway. The call is in the ledger, under the key `studio`."""
    try:
        body = await request.body()
    except ClientDisconnect:
        return Response(status_code=499)  # for nobody
    return await _relayed(request, services, path, body)


async def _relayed(request: Request, services: Given, path: str, body: bytes) -> Response:
    if not is_door(request.method, f"/{path}"):
        return problem(request, 404, "api.unknown_path", path=request.url.path)
    query = f"?{request.url.query}" if request.url.query else ""
    return services.relay.answer(request, quote(f"/{path}") + query, body)
