"""The values, the questions (`Ask`) and what comes back (`Tell`). All of it belongs to one project."""

import msgspec

from counterpoint.canonical.kept import Conversation, Item, Kept, Trail

TRAIL_LIMIT = 48 * 1024 * 1024
"""Bytes of what is told at once: a conversation that is longer cannot be continued."""
LEASE_SECONDS = 20.0
"""A worker that makes an answer in the background says so more often than this; else it has died."""
RUNNING = ("queued", "in_progress")


class Keep(msgspec.Struct, frozen=True, tag=True):
    """Keep an answer; `new`: not what has become of one that was begun in the background. `added`: the items by
    which its conversation grows. `events`: its last ones, from the number `first` on. Comes back: `Reported` with
    the state that now holds, another one where it was stopped or deleted meanwhile."""

    kept: Kept
    new: bool = True
    added: tuple[Item, ...] = ()
    first: int = 0
    events: tuple[bytes, ...] = ()


class Find(msgspec.Struct, frozen=True, tag=True):
    """`Kept` or `Nothing`."""

    project: str
    id: str


class Trace(msgspec.Struct, frozen=True, tag=True):
    """What leads up to a call, oldest first: all up to the answer `previous`, or the `conversation`; and the items
    that `references` name. Comes back: `Trail`."""

    project: str
    previous: str | None = None
    conversation: str | None = None
    references: tuple[str, ...] = ()


class Drop(msgspec.Struct, frozen=True, tag=True):
    """Forget an answer. Comes back: what it was, or `Nothing`."""

    project: str
    id: str


class Stop(msgspec.Struct, frozen=True, tag=True):
    """Stop what is made in the background. Comes back: `Kept` as it is now, or `Nothing`."""

    project: str
    id: str


class Report(msgspec.Struct, frozen=True, tag=True):
    """A background answer goes on: its next events, from the number `first` on. Comes back: `Reported`."""

    project: str
    id: str
    first: int = 0
    events: tuple[bytes, ...] = ()


class Follow(msgspec.Struct, frozen=True, tag=True):
    """The events of a background answer from the number `first` on. Comes back: `Followed` or `Nothing`."""

    project: str
    id: str
    first: int = 0


class KeepConversation(msgspec.Struct, frozen=True, tag=True):
    """Begin a conversation, change its metadata, let it grow. `new`: it must not be there yet, else it must.
    Comes back: `Conversation` or `Nothing`."""

    conversation: Conversation
    items: tuple[Item, ...] = ()
    new: bool = False
    metadata: bool = True


class FindConversation(msgspec.Struct, frozen=True, tag=True):
    """`Conversation` or `Nothing`."""

    project: str
    id: str


class DropConversation(msgspec.Struct, frozen=True, tag=True):
    """Forget it with its items. Comes back: what it was, or `Nothing`."""

    project: str
    id: str


class ListItems(msgspec.Struct, frozen=True, tag=True):
    """A page of a conversation's items, one more than `limit` where there are more. `after`: the id of the item
    before the first. `only`: that item alone. Comes back: `Items` or `Nothing`."""

    project: str
    conversation: str
    limit: int = 20
    after: str | None = None
    ascending: bool = False
    only: str | None = None


class DropItem(msgspec.Struct, frozen=True, tag=True):
    """Take one item out of a conversation. Comes back: `Conversation` or `Nothing`."""

    project: str
    conversation: str
    id: str


class Found(msgspec.Struct, frozen=True, tag=True):
    """An answer."""

    kept: Kept


class FoundConversation(msgspec.Struct, frozen=True, tag=True):
    """A conversation."""

    conversation: Conversation


class Nothing(msgspec.Struct, frozen=True, tag=True):
    """There is none, or it is another project's."""


class Reported(msgspec.Struct, frozen=True, tag=True):
    """The state of an answer, empty if it was deleted."""

    status: str


class Followed(msgspec.Struct, frozen=True, tag=True):
    """`events`, the first of which has the number that was asked for. `status`: while it is one of `RUNNING` more
    will come."""

    status: str
    events: tuple[bytes, ...] = ()


class Items(msgspec.Struct, frozen=True, tag=True):
    """A page."""

    items: tuple[Item, ...] = ()


Ask = (
    Keep
    | Find
    | Trace
    | Drop
    | Stop
    | Report
    | Follow
    | KeepConversation
    | FindConversation
    | DropConversation
    | ListItems
    | DropItem
)
Tell = Found | FoundConversation | Nothing | Trail | Reported | Followed | Items
