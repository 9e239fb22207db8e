"""Proof on recorded exchanges about conversations that a host keeps: what clients ask is understood, and what we answer
has every field that the host's own answer has."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from counterpoint.canonical.kept import Conversation
from counterpoint.dialects.jsonio import decode_object
from counterpoint.dialects.registry import CHAT, STATE, State
from counterpoint.testing.conformance import NotHeld, Proof, error_fault
from counterpoint.testing.recordings import Recording

_CONVERSATION = Conversation(id="id", project="p", created=1)
_FILED = "-conversations"


def remembering_dialect(recording: Recording) -> State | None:
    """The dialect whose conversations these are."""
    return next(iter(STATE.values())) if recording.dialect.endswith(_FILED) else None


def remembering_proofs(state: State, recording: Recording) -> Iterator[tuple[Proof, Callable[[], str]]]:
    """The proofs for one recording; each gives what is wrong, or nothing."""
    yield "request", lambda: request_fault(state, recording)
    if recording.status >= 400:
        yield "error", lambda: error_fault(CHAT[state.name], recording)
    else:
        yield "answer", lambda: answer_fault(state, recording)


def request_fault(state: State, recording: Recording) -> str:
    """Labels and items are found in it."""
    if not recording.request_body.strip():
        raise NotHeld("the recording holds no request")
    fields = decode_object(recording.request_body)
    labels = msgspec.json.decode(state.objects.metadata_in(fields))
    items = state.objects.items_brought(fields, needed=False)
    found = len(items) == len(fields.get("items") or ()) and labels == (fields.get("metadata") or {})
    return "" if found else "not all of it is found"


def answer_fault(state: State, recording: Recording) -> str:
    """Its fields are ours too."""
    if not recording.response_body.strip():
        raise NotHeld("the recording holds no answer")
    told = msgspec.json.decode(recording.response_body)
    ours = msgspec.json.decode(_ours(state, told))
    lacking = set(told) - set(ours)
    return f"ours lacks {', '.join(sorted(lacking))}" if lacking else ""


def _ours(state: State, told: dict[str, Any]) -> bytes:
    objects = state.objects
    ours = msgspec.json.encode(objects.shown_item(msgspec.json.encode(told), "id"))
    if "deleted" in told:
        ours = objects.deleted("id", "conversation.deleted")
    elif told.get("object") == "list":
        ours = objects.item_page((), 1)
    elif told.get("object") == "conversation":
        ours = objects.shown_conversation(_CONVERSATION)
    return ours
