"""The objects by which the API shows what is kept: lists of items, conversations, what was deleted."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import msgspec

from counterpoint.canonical.ids import new_id
from counterpoint.canonical.kept import Conversation, Item, Kept
from counterpoint.dialects.jsonio import encode, parse, refusal, wrong_type
from counterpoint.dialects.openai_responses.state.asking import ID
from counterpoint.dialects.openai_responses.state.composing import input_ids, kind_of

Json = dict[str, Any]

MOST_ITEMS = 100
"""On a page, and brought at once (platform.openai.com/docs/api-reference/conversations: up to 20; we take more)."""
USUAL_ITEMS = 20
_MOST_METADATA, _LONGEST_NAME, _LONGEST_VALUE = 16, 64, 512
_TEXTS = {"assistant": "output_text"}


class Page(msgspec.Struct, frozen=True):
    """What of a list is wanted."""

    after: str | None = None
    limit: int = USUAL_ITEMS
    ascending: bool = False


def said_in(query: str) -> Mapping[str, str]:
    """The last value of each name in a URL's query."""
    return {name: values[-1] for name, values in parse_qs(query, max_num_fields=50).items()}


def page_of(query: str) -> Page:
    """Raises `Refused`."""
    said = said_in(query)
    order = said.get("order", "desc")
    if order not in {"asc", "desc"}:
        raise _value("order", "asc, desc", order)
    return Page(said.get("after"), number_in(said, "limit", USUAL_ITEMS, 1, MOST_ITEMS), order == "asc")


def number_in(said: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A whole number of the query. Raises `Refused`."""
    text = said.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
        raise _value(name, f"{least} - {most}", text)
    return int(text)


def flag_in(said: Mapping[str, str], name: str) -> bool:
    """Whether the query says so."""
    return said.get(name, "").lower() in {"true", "1"}


def _value(name: str, wanted: str, found: str) -> Exception:
    return refusal("dialects.field.value", name, code="invalid_value", path=name, wanted=wanted, found=found)


def shown_item(body: bytes, id_: str) -> Json:
    """An item as lists show it: with its id, and its content as a list."""
    value = parse(body)
    item: Json = dict(value) if type(value) is dict else {}
    item.setdefault("type", "message")
    item["id"] = id_
    if item["type"] == "message":
        content = item.get("content")
        role = item.get("role")
        if type(content) is str:
            kind = _TEXTS.get(role, "input_text") if type(role) is str else "input_text"
            more: Json = {"annotations": [], "logprobs": []} if kind == "output_text" else {}
            item["content"] = [{"type": kind, "text": content, **more}]
        item.setdefault("status", "completed")
    return item


def listed(items: Sequence[Json], *, more: bool) -> bytes:
    """A page of items."""
    ids = [item["id"] for item in items]
    return encode(
        {
            "object": "list",
            "data": list(items),
            "first_id": ids[0] if ids else None,
            "last_id": ids[-1] if ids else None,
            "has_more": more,
        }
    )


def input_page(kept: Kept, inputs: Sequence[bytes], query: str) -> bytes:
    """The items that an answer was asked with. Raises `Refused`."""
    page = page_of(query)
    ids = input_ids(kept.id, inputs)
    pairs = list(zip(ids, inputs, strict=True))
    if not page.ascending:
        pairs.reverse()
    if page.after is not None:
        places = [place for place, pair in enumerate(pairs) if pair[0] == page.after]
        pairs = pairs[places[0] + 1 :] if places else []
    shown = [shown_item(body, id_) for id_, body in pairs[: page.limit]]
    return listed(shown, more=len(pairs) > page.limit)


def item_page(items: Sequence[Item], limit: int) -> bytes:
    """A page of a conversation, of which one item more was asked for than it shows."""
    shown = [shown_item(item.body, item.id) for item in items[:limit]]
    return listed(shown, more=len(items) > limit)


def deleted(id_: str, kind: str) -> bytes:
    """What was deleted. `kind`: `response` or `conversation.deleted`."""
    return encode({"id": id_, "object": kind, "deleted": True})


# Conversations


def shown_conversation(conversation: Conversation) -> bytes:
    """A conversation without its items."""
    return encode(
        {
            "id": conversation.id,
            "object": "conversation",
            "created_at": conversation.created,
            "metadata": json.loads(conversation.metadata),
        }
    )


def now() -> int:
    """Seconds since the epoch."""
    return int(time.time())


def new_conversation_id() -> str:
    """An id as clients of this API know them."""
    return f"conv_{new_id().replace('-', '')}"


def metadata_in(fields: Json) -> bytes:
    """The labels of a conversation. Raises `Refused`."""
    value = fields.get("metadata")
    if value is None:
        return b"{}"
    if type(value) is not dict:
        raise wrong_type("metadata", "object", value)
    for name, text in value.items():
        if type(text) is not str:
            raise wrong_type(f"metadata.{name}", "string", text)
    fits = all(len(name) <= _LONGEST_NAME and len(text) <= _LONGEST_VALUE for name, text in value.items())
    if len(value) > _MOST_METADATA or not fits:
        raise refusal("dialects.state.metadata", "metadata", code="invalid_value")
    return encode(value)


def items_brought(fields: Json, *, needed: bool) -> tuple[Item, ...]:
    """The items that a conversation begins with or grows by, each with an id. Raises `Refused`."""
    value = fields.get("items")
    if value is None and not needed:
        return ()
    if type(value) is not list:
        raise wrong_type("items", "array", value)
    if len(value) > MOST_ITEMS:
        raise refusal("dialects.state.many_items", "items", code="invalid_value", limit=MOST_ITEMS)
    for place, item in enumerate(value):
        if type(item) is not dict:
            raise wrong_type(f"items[{place}]", "object", item)
    bodies = [encode(item) for item in value]
    return with_ids(bodies, new_id().replace("-", ""))


def with_ids(bodies: Sequence[bytes], stem: str, host: str = "", *, native: bool = False) -> tuple[Item, ...]:
    """Items, each with its own id, or with one made of `stem`."""
    ids = input_ids(stem, bodies)
    return tuple(
        Item(id_ if ID.fullmatch(id_) else f"item_{stem}n{place}", body, host, native)
        for place, (id_, body) in enumerate(zip(ids, bodies, strict=True))
    )


def valid_ids(bodies: Sequence[bytes]) -> list[str]:
    """The ids of items by which clients may name them."""
    ids = [kind_of(body)[1] for body in bodies]
    return [id_ for id_ in ids if id_ is not None and ID.fullmatch(id_)]
