"""Conversations in the form in which they are compared: what every dialect's messages have in common.

Message lists become `system` (what every system and developer message says, and after how many turns) and `turns`
(consecutive messages of one role in one), because dialects differ in where they put the first and all of them treat
the second alike.
"""

import json
from typing import Any

from counterpoint.testing.alignment import Node, plain


def drop(fields: dict[str, Node], name: str, *meaningless: Any) -> None:
    """Take the field out if it has one of the values that say nothing."""
    if name in fields and any(_same(plain(fields[name]), value) for value in meaningless):
        del fields[name]


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def items_of(node: Node | None) -> list[Node]:
    """The items of a list; none of anything else."""
    return node.value if node is not None and isinstance(node.value, list) else []


class MessageNode:
    """One message taken apart: its role and all it says, each item with its path."""

    def __init__(self, node: Node, role: str, items: list[Node]) -> None:
        self.node = node
        self.role = role
        self.items = items


def contents(content: Node | None) -> list[Node]:
    """What a content says; blanks say nothing."""
    if content is None:
        return []
    if isinstance(content.value, str):
        text = Node(content.path, {"type": Node(content.path, "text"), "text": content})
        return [text] if content.value.strip() else []
    return [item for item in items_of(content) if not _is_blank(item)]


def _is_blank(item: Node) -> bool:
    value = plain(item)
    return (
        isinstance(value, dict)
        and value.keys() <= {"type", "text"}
        and not str(value.get("text", "x")).strip()
    )


def json_text(value: Any) -> str:
    """A call's arguments as the JSON that they are."""
    if not isinstance(value, str):
        return json.dumps(value, sort_keys=True)
    if not value.strip():
        return "{}"
    try:
        return json.dumps(json.loads(value), sort_keys=True)
    except ValueError:
        return value


def call_item(call: Node) -> Node:
    """A call of a function as one thing that is said: its arguments as JSON, without what says nothing."""
    fields = dict(call.value)
    drop(fields, "type", "function")
    drop(fields, "id", "")
    function = fields.get("function")
    if function is not None:
        inner = dict(function.value)
        arguments = inner.get("arguments", Node(function.path, ""))
        inner["arguments"] = Node(arguments.path, json_text(plain(arguments)))
        fields["function"] = Node(function.path, inner)
    return Node(call.path, {"type": Node(call.path, "call"), **fields})


def turns(fields: dict[str, Node], messages: list[MessageNode], name: str = "messages") -> None:
    """`messages`, the field `name`, as what the system says and turns of user and assistant. A turn has the path of
    its first message; where messages are not what a turn is made of, that of the field."""
    system: list[Node] = []
    turns: list[Node] = []
    for message in messages:
        if message.role in {"system", "developer"}:
            after = Node(message.node.path, len(turns))
            role = Node(f"{message.node.path}.role", message.role)
            system += [
                Node(item.path, {**item.value, "~after": after, "~role": role}) for item in message.items
            ]
        elif message.items and turns and turns[-1].value["role"].value == message.role:
            turns[-1].value["says"].value.extend(message.items)
        elif message.items:
            path = message.node.path if name == "messages" else name
            turns.append(Node(path, {"role": Node(path, message.role), "says": Node(path, message.items)}))
    fields.pop(name, None)
    fields["~system"] = Node(name, system)
    fields["~turns"] = Node(name, turns)


def long_forms(fields: dict[str, Node]) -> None:
    """Stop sequences as a list; usage in a stream, which the gateway tells each client as he had asked."""
    if "stop" in fields and isinstance(fields["stop"].value, str):
        fields["stop"] = Node(fields["stop"].path, [fields["stop"]])
    options = fields.get("stream_options")
    if options is not None and isinstance(options.value, dict):
        options.value.pop("include_usage", None)
        drop(fields, "stream_options", {})
