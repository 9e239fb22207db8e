"""Answers and conversations that clients may come back to: values. Items and answers are JSON in the words of the
dialect that they were given in; whoever keeps them does not read them. All of it belongs to one project."""

import msgspec

KEPT_LIMIT = 32 * 1024 * 1024
"""Bytes of one answer with its input: what is larger is not kept, and its answer says so."""


class Item(msgspec.Struct, frozen=True):
    """One item of a conversation. `body`: its JSON. `host`: who made it; empty for what a client wrote. `native`:
    whether that host keeps it too."""

    id: str
    body: bytes
    host: str = ""
    native: bool = False

    def __repr__(self) -> str:
        return f"Item({self.id!r})"


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer. `input`, `answer`: JSON, a list of items and an object. `host`: who answered; `native`: it keeps
    the answer too. `previous`, `conversation`: what it goes on. `items`: the ids of its output, by which clients may
    name it. `created`: seconds since the epoch. `key`: the id of the key it was made with. `background`: it is made
    without its client."""

    id: str
    project: str
    key: str
    host: str
    status: str
    created: int
    input: bytes
    answer: bytes
    native: bool = False
    previous: str | None = None
    conversation: str | None = None
    items: tuple[str, ...] = ()
    background: bool = False

    def __repr__(self) -> str:
        return f"Kept({self.id!r})"


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """`metadata`: JSON."""

    id: str
    project: str
    created: int
    metadata: bytes = b"{}"


class Trail(msgspec.Struct, frozen=True, tag=True):
    """`answers`, oldest first, or the `items` of a conversation. `named`: the answers in which the items stand that
    `references` name, as far as there are any; items of conversations are in `named_items`. `missing`: the id of
    what is not there any more; then nothing else is told. `too_long`: there is more than can be told."""

    answers: tuple[Kept, ...] = ()
    items: tuple[Item, ...] = ()
    named: tuple[Kept, ...] = ()
    named_items: tuple[Item, ...] = ()
    missing: str | None = None
    too_long: bool = False
