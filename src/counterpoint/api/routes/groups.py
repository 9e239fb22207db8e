"""Groups of people, to hold rights to documents."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.given import Given, Input
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.groups import PeopleGroupShape, group_shape

router = APIRouter(prefix="/groups", tags=["groups"])
_read = [require("groups.read")]
_write = [require("groups.write")]
MOST_MEMBERS = 10_000
AccountId = Annotated[str, Field(max_length=60)]


class GroupInput(Input):
    """A group to be, or its new name."""

    name: str = Field(max_length=100, examples=["Finance"])


class MembersInput(Input):
    """Whoever is to belong to it: all of them."""

    accounts: list[AccountId] = Field(max_length=MOST_MEMBERS, description="Ids.")


@router.get("", summary="List groups", dependencies=_read)
def list_groups(services: Given) -> Page[PeopleGroupShape]:
    """By name, all of them."""
    return Page([group_shape(view) for view in services.groups.list()], None)


@router.post("", status_code=201, summary="Add a group", dependencies=_write)
def add_group(services: Given, new: GroupInput) -> PeopleGroupShape:
    """Of nobody yet."""
    return group_shape(services.groups.add(new.name))


@router.get("/{group_id}", summary="Show a group", dependencies=_read)
def show_group(services: Given, group_id: str, tag: Tag) -> PeopleGroupShape:
    """By its id."""
    view = services.groups.find(group_id)
    tag(view.revision)
    return group_shape(view)


@router.patch("/{group_id}", summary="Rename a group", dependencies=_write)
def rename_group(
    services: Given, group_id: str, edit: GroupInput, revision: Edited, tag: Tag
) -> PeopleGroupShape:
    """Sources that report rights by name mean the group of that name, from their next sync of rights on."""
    view = services.groups.rename(group_id, edit.name, revision=revision)
    tag(view.revision)
    return group_shape(view)


@router.put("/{group_id}/members", summary="Say who belongs to a group", dependencies=_write)
def put_members(
    services: Given, group_id: str, members: MembersInput, revision: Edited, tag: Tag
) -> PeopleGroupShape:
    """It holds in the next question that somebody asks."""
    view = services.groups.put_members(group_id, members.accounts, revision=revision)
    tag(view.revision)
    return group_shape(view)


@router.delete("/{group_id}", status_code=204, summary="Remove a group", dependencies=_write)
def remove_group(services: Given, group_id: str) -> None:
    """Whoever saw a document through it alone sees it no more."""
    services.groups.remove(group_id)
