"""Groups of people, which hold rights to documents, as they are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from counterpoint.api.shapes.common import Shape, instant

if TYPE_CHECKING:  # shapes load no database library
    from counterpoint.knowledge.groups import GroupView


@dataclass(frozen=True)
class MemberShape(Shape):
    """Somebody in a group."""

    id: str
    """Of the account."""
    login: str
    name: str


@dataclass(frozen=True)
class PeopleGroupShape(Shape):
    """People who may see the same documents."""

    id: str
    name: str
    """By which sources name it, too."""
    members: list[MemberShape]
    created_at: datetime
    revision: int
    """Counts changes; also the ETag."""


def group_shape(view: "GroupView") -> PeopleGroupShape:
    """One group."""
    members = [MemberShape(each.id, each.login, each.name) for each in view.members]
    return PeopleGroupShape(view.id, view.name, members, instant(view.created_at), view.revision)
