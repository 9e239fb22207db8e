"""Keys of clients: made, shown once, rotated, revoked."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from msgspec import UNSET
from pydantic import Field

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.given import Cursor, Given, Input, Limit, Moment
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.keys import (
    KeyShape,
    NewKeyShape,
    NewPairShape,
    key_page,
    key_shape,
    new_key_shape,
    new_pair_shape,
)
from counterpoint.control.keys import DEFAULT_PROJECT, KeyChange

_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""Later times cannot be told in every zone."""

router = APIRouter(prefix="/keys", tags=["keys"])


class NewKey(Input):
    """What a key is to be."""

    name: str = Field(max_length=200, examples=["ci"])
    project: str = Field(DEFAULT_PROJECT, max_length=200)
    models: list[str] = Field(default=[], max_length=100, description="Patterns; none: all models.")
    expires_at: Moment | None = Field(None, lt=_LATEST, description="With a zone; none: never.")
    pair: bool = Field(False, description="With a key pair too, for clients that sign as AWS's SDKs do.")
    user: str = Field("", max_length=200, description="Login of whom it is for, whose limits bind it too.")


class KeyEdit(Input):
    """What changes; what is left out stays. The secret stays too."""

    name: str = Field(default="", max_length=200)
    models: list[str] = Field(default=[], max_length=100, description="Patterns; none: all models.")
    expires_at: Moment | None = Field(None, lt=_LATEST, description="With a zone; null: never.")

    def change(self) -> KeyChange:
        """As the service takes it."""
        said = self.model_fields_set
        return KeyChange(
            name=self.name if "name" in said else UNSET,
            models=tuple(self.models) if "models" in said else UNSET,
            expires=self.expires_at if "expires_at" in said else UNSET,
        )


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
    project: Annotated[str | None, Query(max_length=200, description="By its name.")] = None,
    state: Literal["active", "expired", "revoked"] | None = None,
    revoked: Annotated[bool, Query(description="Revoked ones too, where `state` asks for none.")] = False,
    q: Annotated[str, Query(max_length=200, description="Part of a name.")] = "",
) -> Page[KeyShape]:
    """Newest first."""
    found = services.keys.list(
        project=project, include_revoked=revoked, state=state, words=q, cursor=cursor, limit=limit
    )
    return key_page(found)


@router.post("", status_code=201, summary="Create a key", dependencies=[require("keys.write")])
def create_key(services: Given, new: NewKey) -> NewKeyShape:
    """The answer holds the secret, this once."""
    made = services.keys.create(
        new.name,
        project=new.project,
        models=new.models,
        expires=new.expires_at,
        paired=new.pair,
        user=new.user,
    )
    return new_key_shape(made)


@router.get("/{key_id}", summary="Show a key", dependencies=[require("keys.read")])
def show_key(services: Given, key_id: str, tag: Tag) -> KeyShape:
    """By its id, or its name in the default project."""
    row = services.keys.find(key_id)
    tag(row.revision)
    return key_shape(row)


@router.patch("/{key_id}", summary="Change a key", dependencies=[require("keys.write")])
def edit_key(services: Given, key_id: str, edit: KeyEdit, revision: Edited, tag: Tag) -> KeyShape:
    """Its name, what it may use, when it ends. Whoever holds it need not do anything."""
    row = services.keys.change(key_id, edit.change(), revision=revision)
    tag(row.revision)
    return key_shape(row)


@router.post("/{key_id}/rotate", summary="Give a key a new secret", dependencies=[require("keys.write")])
def rotate_key(services: Given, key_id: str, rotation: Rotation | None = None) -> NewKeyShape:
    """The old secret stays valid for a while. The answer holds the new one, this once."""
    grace = timedelta(seconds=(rotation or Rotation()).grace_seconds)
    return new_key_shape(services.keys.rotate(key_id, grace=grace))


@router.post(
    "/{key_id}/pair", summary="Give a key a new pair to sign with", dependencies=[require("keys.write")]
)
def pair_key(services: Given, key_id: str, rotation: Rotation | None = None) -> NewPairShape:
    """For clients that sign as AWS's SDKs do. An earlier pair stays valid for a while; the key stays as it is."""
    grace = timedelta(seconds=(rotation or Rotation()).grace_seconds)
    return new_pair_shape(services.keys.pair(key_id, grace=grace))


@router.post("/{key_id}/revoke", summary="Revoke a key", dependencies=[require("keys.write")])
def revoke_key(services: Given, key_id: str) -> KeyShape:
    """It opens nothing any more. Doing it twice is no error."""
    return key_shape(services.keys.revoke(key_id))
