"""What a call says about state: what it goes on, and whether its answer is kept."""

import re
from typing import Any

import msgspec

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.jsonio import Fields, decode_object, malformed, refusal, wrong_type

Json = dict[str, Any]
Raw = msgspec.Raw

ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
"""An id that may be kept: whatever else a client writes names nothing."""
REFERENCE = "item_reference"
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Said(msgspec.Struct, gc=False):
    """The fields, as far as they have the right types."""

    store: bool | None = None
    previous_response_id: str | None = None
    conversation: Any = None
    background: bool | None = None
    stream: bool | None = None
    model: str | None = None


class _Named(msgspec.Struct, gc=False):
    type: Any = None
    id: Any = None


_decode_said = msgspec.json.Decoder(_Said).decode
_decode_named = msgspec.json.Decoder(_Named).decode
_decode_fields = msgspec.json.Decoder(dict[str, Raw]).decode
_decode_list = msgspec.json.Decoder(list[Raw]).decode


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """`store`: the answer is to be kept. `previous`, `conversation`: what it goes on. `background`: it is made
    without its client. `references`: the ids of items that the call names instead of bringing them."""

    store: bool = True
    previous: str | None = None
    conversation: str | None = None
    background: bool = False
    stream: bool = False
    references: tuple[str, ...] = ()

    @property
    def recalls(self) -> bool:
        """Whether anything that was kept is needed to answer."""
        return bool(self.previous or self.conversation or self.references)


def wish_of(body: bytes) -> Wish:
    """Raises `Refused` with the field at fault."""
    try:
        said = _decode_said(body)
    except _UNREADABLE as error:
        raise _why_not(body, error) from error
    store = said.store is not False
    conversation = _conversation(said.conversation)
    if conversation is not None and said.previous_response_id is not None:
        raise refusal(
            "dialects.state.two_pasts", "previous_response_id", code="mutually_exclusive_parameters"
        )
    if said.background and not store:
        raise refusal("dialects.state.background_unkept", "background", code="invalid_value")
    references = _references(body) if b"item_reference" in body else ()
    return Wish(
        store=store,
        previous=said.previous_response_id,
        conversation=conversation,
        background=bool(said.background),
        stream=bool(said.stream),
        references=references,
    )


def _why_not(body: bytes, error: Exception) -> Refused:
    try:
        fields = Fields(decode_object(body))
        for name in ("store", "background", "stream"):
            fields.boolean(name)
        fields.text("previous_response_id")
        fields.text("model")
    except Refused as refused:
        return refused
    return malformed(error)


def _conversation(value: Any) -> str | None:
    """An id, alone or in an object."""
    if type(value) is dict and type(value.get("id")) is str:
        value = value["id"]
    if value is not None and type(value) is not str:
        raise wrong_type("conversation", "string", value)
    return value


def _references(body: bytes) -> tuple[str, ...]:
    named = [_named(item) for item in own_items(body)]
    return tuple(dict.fromkeys(id_ for id_ in named if id_ is not None))


def _named(item: bytes) -> str | None:
    """The id that an item names, if it is only a name."""
    try:
        read = _decode_named(item)
    except _UNREADABLE:
        return None
    if read.type != REFERENCE or type(read.id) is not str:
        return None
    return read.id if ID.fullmatch(read.id) else None


def named_item(item: bytes) -> str | None:
    """The id of the item that stands for another one."""
    return _named(item) if REFERENCE.encode() in item else None


def fields_of_body(body: bytes) -> dict[str, Raw]:
    """The top-level fields, each as it was written. Raises `Refused`."""
    try:
        return _decode_fields(body)
    except _UNREADABLE as error:
        raise malformed(error) from error


def items_in(raw: bytes) -> list[bytes]:
    """The items of a list, each as it was written; a text is the user's. Nothing else has any."""
    try:
        return [bytes(item) for item in _decode_list(raw)]
    except _UNREADABLE:
        pass
    try:
        text = msgspec.json.decode(raw)
    except _UNREADABLE:
        return []
    if type(text) is not str:
        return []
    return [msgspec.json.encode({"type": "message", "role": "user", "content": text})]


def own_items(body: bytes) -> list[bytes]:
    """The items that a call brings itself."""
    raw = fields_of_body(body).get("input")
    return [] if raw is None else items_in(bytes(raw))
