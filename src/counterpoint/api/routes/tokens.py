"""Service tokens of programs: made, shown once, revoked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from counterpoint.api.access import Caller, Permission, require
from counterpoint.api.routes.given import Cursor, Given, Input, Limit, Moment
from counterpoint.api.shapes.accounts import (
    NewTokenShape,
    RoleName,
    TokenShape,
    new_token_shape,
    token_page,
    token_shape,
)
from counterpoint.api.shapes.common import Page

router = APIRouter(prefix="/tokens", tags=["tokens"])
_read = [require("tokens.read")]
_write = [require("tokens.write")]
_writer = Permission("tokens.write")


class NewToken(Input):
    """What a token is to be."""

    name: str = Field(max_length=200, examples=["ci"])
    role: RoleName
    expires_at: Moment | None = Field(None, description="With a zone; none: never.")


@router.get("", summary="List tokens", dependencies=_read)
def list_tokens(
    services: Given,
    limit: Limit = 50,
    cursor: Cursor = None,
    revoked: Annotated[bool, Query(description="Revoked ones too.")] = False,
) -> Page[TokenShape]:
    """Newest first."""
    return token_page(services.tokens.list(include_revoked=revoked, cursor=cursor, limit=limit))


@router.post("", status_code=201, summary="Create a token", dependencies=_write)
def create_token(
    services: Given, caller: Annotated[Caller, Depends(_writer)], new: NewToken
) -> NewTokenShape:
    """The answer holds the secret, this once. A token can do no more than whoever makes it."""
    made = services.tokens.create(
        new.name, new.role, actor=caller.role, made_by=caller.login or caller.name, expires=new.expires_at
    )
    return new_token_shape(made)


@router.get("/{token_id}", summary="Show a token", dependencies=_read)
def show_token(services: Given, token_id: str) -> TokenShape:
    """By its id."""
    return token_shape(services.tokens.find(token_id))


@router.post("/{token_id}/revoke", summary="Revoke a token", dependencies=_write)
def revoke_token(services: Given, caller: Annotated[Caller, Depends(_writer)], token_id: str) -> TokenShape:
    """It opens nothing any more. Doing it twice is no error."""
    return token_shape(services.tokens.revoke(token_id, actor=caller.role))
