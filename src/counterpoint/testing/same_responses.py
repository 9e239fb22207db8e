"""The Responses API in the form in which two of its requests are compared (see `counterpoint.testing.same`).

Its items become messages that say, think and call, so that the same rules fit as for the other dialects: an item's id
and status are labels of the API's own store and mean nothing in a request that holds the item itself.
"""

from typing import Any

from counterpoint.testing.alignment import Node, plain
from counterpoint.testing.turns import MessageNode, contents, drop, items_of, json_text, turns

_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "stream": (False,),
    "store": (True, False),
    "background": (False,),
    "truncation": ("disabled",),
    "parallel_tool_calls": (True,),
    "tools": ([],),
    "include": ([],),
    "tool_choice": ("auto",),
    "metadata": ({},),
    "reasoning": ({},),
}


def openai_responses(fields: dict[str, Node]) -> None:
    """Everything written in one way, the input as turns."""
    for name, values in _DEFAULTS.items():
        drop(fields, name, *values)
    text = fields.get("text")
    if text is not None and isinstance(text.value, dict):
        drop(text.value, "format", {"type": "text"})
        drop(fields, "text", {})
    for tool in items_of(fields.get("tools")):
        drop(tool.value, "strict", False)
        drop(tool.value, "parameters", {}, {"type": "object", "properties": {}})
    messages: list[MessageNode] = []
    instructions = fields.pop("instructions", None)
    if instructions is not None:
        messages.append(MessageNode(instructions, "system", contents(instructions)))
    said = fields.pop("input", None)
    if said is not None and isinstance(said.value, str):
        messages.append(MessageNode(said, "user", contents(said)))
    messages += [_item(item) for item in items_of(said)]
    turns(fields, messages, "input")


def _item(node: Node) -> MessageNode:
    fields = dict(node.value)
    fields.pop("id", None)
    fields.pop("status", None)
    kind = fields.get("type", Node(node.path, "message")).value
    if kind == "message":
        return _message(node, fields)
    if kind in {"function_call", "custom_tool_call"}:
        return MessageNode(node, "assistant", [_call(node, fields)])
    if kind in {"function_call_output", "custom_tool_call_output"}:
        content = fields.pop("output", Node(node.path, ""))
        said = Node(content.path, [_part(item) for item in contents(content)])
        return MessageNode(node, "user", [Node(node.path, {**fields, "content": said})])
    if kind == "reasoning":
        return MessageNode(node, "assistant", [Node(node.path, fields)])
    # What only this API's host reads parts no turn from the next: where it is lost, they follow each other.
    return MessageNode(node, "system", [Node(node.path, fields)])


def _message(node: Node, fields: dict[str, Node]) -> MessageNode:
    fields.pop("type", None)
    role = fields.pop("role").value
    items = [_part(item) for item in contents(fields.pop("content", None))]
    items += [
        Node(value.path, {"~field": Node(value.path, name), "value": value}) for name, value in fields.items()
    ]
    return MessageNode(node, role, items)


def _part(item: Node) -> Node:
    fields = dict(item.value)
    if plain(fields.get("type", Node("", ""))) in {"input_text", "output_text"}:
        fields["type"] = Node(item.path, "text")
    drop(fields, "annotations", [])
    drop(fields, "logprobs", [])
    drop(fields, "detail", "auto")
    drop(fields, "filename", "document.pdf")
    return Node(item.path, fields)


def _call(node: Node, fields: dict[str, Node]) -> Node:
    arguments = fields.get("arguments")
    if arguments is not None:
        fields["arguments"] = Node(arguments.path, json_text(plain(arguments)))
    return Node(node.path, fields)
