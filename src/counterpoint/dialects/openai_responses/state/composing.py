"""The body of a call that goes on what was kept, for whoever is to answer it.

Where the host keeps the answer that is gone on, the call passes as the client wrote it. Everyone else gets the whole
conversation. What only its own host can read (sealed thinking, items that name things in its store) does not go to
another one, and that is declared.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from counterpoint.canonical import Loss
from counterpoint.canonical.kept import Item, Kept, Trail
from counterpoint.dialects.openai_responses.state.asking import (
    Wish,
    fields_of_body,
    items_in,
    named_item,
    own_items,
)

Json = dict[str, Any]

PASTS = ("previous_response_id", "conversation")
HANDLED = ("store", "background", *PASTS)
"""The fields that whoever keeps the state answers for, so that nobody else needs them."""
_SPOKEN = {None, "message", "function_call", "custom_tool_call"}
_READABLE = (b'"encrypted_content":"', b'"encrypted_content": "', b'"reasoning_text"')
"""What thinking holds that its own host can read without having kept it."""
_RESULTS = ("_output", "_response")


class _Output(msgspec.Struct, gc=False):
    output: list[msgspec.Raw] = []


class _Kind(msgspec.Struct, gc=False):
    type: Any = None
    id: Any = None


_decode_output = msgspec.json.Decoder(_Output).decode
_decode_kind = msgspec.json.Decoder(_Kind).decode
_encode = msgspec.json.Encoder().encode


def output_of(answer: bytes) -> list[bytes]:
    """The items of an answer."""
    return [bytes(item) for item in _decode_output(answer).output]


def kind_of(item: bytes) -> tuple[str | None, str | None]:
    """An item's type and id, where it has them."""
    try:
        read = _decode_kind(item)
    except msgspec.DecodeError:
        return None, None
    return (read.type if type(read.type) is str else None, read.id if type(read.id) is str else None)


def history(trail: Trail) -> list[Item]:
    """Everything that leads up to a call, oldest first."""
    items = list(trail.items)
    for kept in trail.answers:
        items += _of(kept)
    return items


def _of(kept: Kept) -> list[Item]:
    items = [Item("", body) for body in items_in(kept.input)]
    return items + [Item("", body, kept.host, kept.native) for body in output_of(kept.answer)]


class Past:
    """What a call goes on, and the items that it brings. `items`: the call's own, names replaced by what they name."""

    def __init__(self, body: bytes, wish: Wish, trail: Trail) -> None:
        self._body = body
        self._wish = wish
        self._trail = trail
        self._before = history(trail)
        self._known = _named(trail)
        self._own = [self._resolved(item) for item in own_items(body)] if wish.recalls else []

    def _resolved(self, body: bytes) -> Item:
        name = named_item(body)
        return self._known.get(name, Item("", body)) if name is not None else Item("", body)

    @property
    def items(self) -> list[Item]:
        """The call's own."""
        return self._own if self._wish.recalls else [Item("", item) for item in own_items(self._body)]

    def body_for(self, host: str | None) -> tuple[bytes, tuple[Loss, ...]]:
        """What to send to `host`, which speaks this dialect; `None`: to whoever does not. And what is lost."""
        wish = self._wish
        if not wish.recalls and not wish.background:
            return self._body, ()
        if host is not None and not wish.conversation and self._is_at(host):
            return (_without(self._body, (), stream=True) if wish.background else self._body), ()
        losses: list[Loss] = []
        items = self._before + self._own
        if host is not None:
            bodies = [adapted(item, host, losses) for item in items]
        else:
            bodies = [item.body for item in items]
        changes: dict[str, Any] = {}
        if wish.recalls:
            changes["input"] = [msgspec.Raw(body) for body in bodies if body is not None]
        stream = True if wish.background else None
        return _without(self._body, PASTS, stream=stream, **changes), tuple(losses)

    def _is_at(self, host: str) -> bool:
        """Whether `host` keeps all that the call names."""
        answers = self._trail.answers
        if self._wish.previous and not (answers and answers[-1].native and answers[-1].host == host):
            return False
        found = [self._known.get(name) for name in self._wish.references]
        return all(item is not None and item.native and item.host == host for item in found)


def _named(trail: Trail) -> dict[str, Item]:
    """Items by their ids."""
    found = {item.id: item for item in trail.named_items}
    for kept in (*trail.named, *trail.answers):
        for item in _of(kept):
            _, id_ = kind_of(item.body)
            if id_ is not None:
                found.setdefault(id_, item)
        for id_, body in zip(input_ids(kept.id, items_in(kept.input)), items_in(kept.input), strict=True):
            found.setdefault(id_, Item(id_, body))
    return found


def input_ids(answer_id: str, items: Sequence[bytes]) -> list[str]:
    """The ids by which the items are listed that an answer was asked with: their own, or ones made of the answer's."""
    stem = answer_id.removeprefix("resp_")[-180:]
    ids = []
    for place, item in enumerate(items):
        kind, own = kind_of(item)
        ids.append(own or f"{_PREFIXES.get(kind, 'item')}_{stem}i{place}")
    return ids


_PREFIXES: Mapping[str | None, str] = {
    None: "msg",
    "message": "msg",
    "function_call": "fc",
    "function_call_output": "fco",
    "custom_tool_call": "ctc",
    "custom_tool_call_output": "ctco",
    "reasoning": "rs",
}


def _without(body: bytes, names: Sequence[str], *, stream: bool | None = None, **changes: Any) -> bytes:
    fields: dict[str, Any] = dict(fields_of_body(body))
    for name in names:
        fields.pop(name, None)
    if stream is not None:
        fields.pop("background", None)
        fields["stream"] = stream
    return _encode({**fields, **changes})


def adapted(item: Item, host: str, losses: list[Loss]) -> bytes | None:
    """An item as `host` can take it; `None`: not at all. A host's own items go back as they were."""
    if not item.host or (item.host == host and item.native):
        return item.body
    kind, id_ = kind_of(item.body)
    if item.host == host and (kind != "reasoning" or any(word in item.body for word in _READABLE)):
        # It made the item, but keeps nothing: what it sealed or wrote out it can read, what it named it cannot find.
        return item.body if id_ is None or kind not in _SPOKEN else _nameless(item.body)
    if kind == "reasoning":
        detail = "thinking of another host can be read by nobody else"
        losses.append(Loss("reasoning.encrypted", "previous_response_id", "degraded", detail))
        return None
    if kind in _SPOKEN or (kind or "").endswith(_RESULTS):
        return _nameless(item.body) if id_ is not None else item.body
    detail = "an item that only its own host has"
    losses.append(Loss(f"part.{kind}", "previous_response_id", "degraded", detail))
    return None


def _nameless(item: bytes) -> bytes:
    fields = dict(fields_of_body(item))
    fields.pop("id", None)
    return _encode(fields)
