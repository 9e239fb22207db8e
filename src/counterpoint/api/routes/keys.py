"""Keys of clients: made, shown once, rotated, revoked."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from counterpoint.api.access import require
from counterpoint.api.routes.given import Cursor, Given, Input, Limit
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.keys import KeyShape, NewKeyShape, key_page, key_shape, new_key_shape
from counterpoint.control.keys import DEFAULT_PROJECT

_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""Later times cannot be told in every zone."""

router = APIRouter(prefix="/keys", tags=["keys"])


class NewKey(Input):
    """What a key is to be."""

    name: str = Field(max_length=200, examples=["ci"])
    project: str = Field(DEFAULT_PROJECT, max_length=200)
    models: list[str] = Field(default=[], max_length=100, description="Patterns; none: all models.")
    expires_at: AwareDatetime | None = Field(None, lt=_LATEST, description="With a zone; none: never.")


class Rotation(Input):
    """How a key gets its new secret."""

    grace_seconds: int = Field(
        default=86_400, ge=0, le=30 * 86_400, description="How long the old secret stays valid."
    )


@router.get("", summary="List keys", dependencies=[require("keys.read")])
def list_keys(
    services: Given,
    limit: Limit = 50,
    cursor: Cursor = None,
    project: str | None = None,
    revoked: Annotated[bool, Query(description="Revoked ones too.")] = False,
) -> Page[KeyShape]:
    """Newest first."""
    return key_page(services.keys.list(project=project, include_revoked=revoked, cursor=cursor, limit=limit))


@router.post("", status_code=201, summary="Create a key", dependencies=[require("keys.write")])
def create_key(services: Given, new: NewKey) -> NewKeyShape:
    """The answer holds the secret, this once."""
    made = services.keys.create(new.name, project=new.project, models=new.models, expires=new.expires_at)
    return new_key_shape(made)


@router.get("/{key_id}", summary="Show a key", dependencies=[require("keys.read")])
def show_key(services: Given, key_id: str) -> KeyShape:
    """By its id, or its name in the default project."""
    return key_shape(services.keys.find(key_id))


@router.post("/{key_id}/rotate", summary="Give a key a new secret", dependencies=[require("keys.write")])
def rotate_key(services: Given, key_id: str, rotation: Rotation | None = None) -> NewKeyShape:
    """The old secret stays valid for a while. The answer holds the new one, this once."""
    grace = timedelta(seconds=(rotation or Rotation()).grace_seconds)
    return new_key_shape(services.keys.rotate(key_id, grace=grace))


@router.post("/{key_id}/revoke", summary="Revoke a key", dependencies=[require("keys.write")])
def revoke_key(services: Given, key_id: str) -> KeyShape:
    """It opens nothing any more. Doing it twice is no error."""
    return key_shape(services.keys.revoke(key_id))
