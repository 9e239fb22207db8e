"""Cohere's chat API in the form in which two of its requests are compared (see `counterpoint.testing.same`)."""

from typing import Any

from counterpoint.dialects.cohere_chat.parts import document_of
from counterpoint.testing.alignment import Node, plain
from counterpoint.testing.turns import MessageNode, call_item, contents, drop, items_of, turns

_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "stream": (False,),
    "tools": ([],),
    "stop_sequences": ([],),
    "documents": ([],),
    "strict_tools": (False,),
    "logprobs": (False,),
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
    "response_format": ({"type": "text"},),
}


def cohere_chat(fields: dict[str, Node]) -> None:
    """Everything written in one way, the messages as turns."""
    for name, values in _DEFAULTS.items():
        drop(fields, name, *values)
    output = fields.get("response_format")
    if output is not None and isinstance(output.value, dict) and "schema" in output.value:
        output.value.setdefault("json_schema", output.value.pop("schema"))
    for tool in items_of(fields.get("tools")):
        drop(tool.value, "type", "function")
        function = tool.value.get("function")
        if function is not None and isinstance(function.value, dict):
            drop(function.value, "parameters", {}, {"type": "object", "properties": {}})
    messages = [_message(message) for message in items_of(fields.get("messages"))]
    asked = next(
        (message for message in reversed(messages) if message.role == "user" and not message.told), None
    )
    if asked is not None:
        asked.items[:0] = [_document(node) for node in items_of(fields.pop("documents", None))]
    turns(fields, list(messages))


class _Message(MessageNode):
    """`told`: it is what a tool told."""

    told = False


def _document(node: Node) -> Node:
    """A document as the text that another dialect makes of it, and that it is more."""
    said = document_of(plain(node), {}).source.value
    parts = {"type": Node(node.path, "text"), "text": Node(node.path, said), "~document": node}
    return Node(node.path, parts)


def _message(node: Node) -> _Message:
    fields = dict(node.value)
    role = fields.pop("role").value
    items = contents(fields.pop("content", None))
    for item in items:
        image = item.value.get("image_url")
        if image is not None and isinstance(image.value, dict):
            drop(image.value, "detail", "auto")
    if role == "tool":
        called = fields.pop("tool_call_id", Node(node.path, ""))
        content = Node(f"{node.path}.content", items)
        said = Node(node.path, {"tool_call_id": called, "content": content, **fields})
        told = _Message(node, "user", [said])
        told.told = True
        return told
    drop(fields, "tool_plan", "")
    plan = fields.pop("tool_plan", None)
    if plan is not None:
        items.insert(0, Node(plan.path, {"type": Node(plan.path, "thinking"), "thinking": plan}))
    for name in ("tool_calls", "citations"):
        drop(fields, name, [])
    items += [call_item(call) for call in items_of(fields.pop("tool_calls", None))]
    items += [
        Node(value.path, {"~field": Node(value.path, name), "value": value}) for name, value in fields.items()
    ]
    return _Message(node, role, items)
