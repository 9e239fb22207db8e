"""The caller himself, and the description of this API for him."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request

from counterpoint.api.access import Caller, Permission, require
from counterpoint.api.description import describe
from counterpoint.api.shapes.common import Shape

router = APIRouter(tags=["me"])
_me = Permission("me")


@dataclass(frozen=True)
class MeShape(Shape):
    """Who is calling."""

    name: str
    signed_in_by: Literal["token", "session"]
    rights: list[str]


@router.get("/me", summary="Who I am", dependencies=[require("me")])
async def me(caller: Annotated[Caller, Depends(_me)]) -> MeShape:
    """The caller, and what it may do."""
    return MeShape(caller.name, caller.kind, sorted(caller.rights))


@router.get("/openapi.json", summary="This description", dependencies=[require("me")])
async def openapi(request: Request) -> dict[str, Any]:
    """OpenAPI 3.1."""
    return describe(request.app)
