"""The caller himself, and the description of this API for him."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request

from counterpoint.api.access import Caller, Permission, require
from counterpoint.api.description import describe
from counterpoint.api.shapes.accounts import RoleName
from counterpoint.api.shapes.common import Shape
from counterpoint.control.roles import RIGHTS_OF, ROLES, may_manage

router = APIRouter(tags=["me"])
_me = Permission("me")


@dataclass(frozen=True)
class MeShape(Shape):
    """Who is calling."""

    name: str
    signed_in_by: Literal["token", "service", "session"]
    rights: list[str]
    role: RoleName | None
    """Null while the owner's account is to be made."""
    account: str | None
    """The id of a person's account."""
    login: str
    set_up: bool
    """False: the owner's account is to be made first (`POST /setup`), and nothing else can be done."""
    needs_password: bool
    """Came by a link: may set a password without knowing the old one."""


@router.get("/me", summary="Who I am", dependencies=[require("me")])
async def me(caller: Annotated[Caller, Depends(_me)]) -> MeShape:
    """The caller, and what it may do."""
    return me_shape(caller)


def me_shape(caller: Caller) -> MeShape:
    """A caller as he sees himself."""
    setting_up = caller.kind == "session" and caller.account is None
    return MeShape(
        name=caller.name,
        signed_in_by=caller.kind,
        rights=sorted(caller.rights),
        role=None if setting_up else caller.role,
        account=caller.account,
        login=caller.login,
        set_up=not setting_up,
        needs_password=caller.needs_password,
    )


@dataclass(frozen=True)
class RoleShape(Shape):
    """What an account or a service token of this role may do."""

    name: RoleName
    rights: list[str]
    mine_to_give: bool
    """Whether the caller may make, change and remove such accounts and tokens."""


@router.get("/roles", summary="List roles", dependencies=[require("me")])
async def list_roles(caller: Annotated[Caller, Depends(_me)]) -> list[RoleShape]:
    """All of them, the mightiest first."""
    may_write = "accounts.write" in caller.rights
    return [
        RoleShape(role, sorted(RIGHTS_OF[role]), may_write and may_manage(caller.role, role))
        for role in ROLES
    ]


@router.get("/openapi.json", summary="This description", dependencies=[require("me")])
async def openapi(request: Request) -> dict[str, Any]:
    """OpenAPI 3.1."""
    return describe(request.app)
