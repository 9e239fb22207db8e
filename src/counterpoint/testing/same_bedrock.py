"""Bedrock's Converse in the form in which two of its requests are compared (see `counterpoint.testing.same`).

Blocks say what they are by their only field; here they say it as a type, like those of other dialects.
"""

import base64
import json
from typing import Any

from counterpoint.dialects.callids import original
from counterpoint.dialects.prompt_fields import CONFIG, PROMPT
from counterpoint.testing.alignment import Node, plain
from counterpoint.testing.turns import MessageNode, contents, drop, items_of, json_text, turns

_CONFIG = "inferenceConfig"
_EMPTY_SCHEMA: tuple[Any, ...] = ({}, {"type": "object", "properties": {}})


def bedrock_converse(fields: dict[str, Node]) -> None:
    """Everything written in one way, messages as turns. What is wrapped to be counted is unwrapped."""
    wrapped = fields.pop("input", None)
    if wrapped is not None and "converse" in wrapped.value:
        fields.update(wrapped.value["converse"].value)
    config = fields.get(_CONFIG)
    if config is not None:
        drop(config.value, "stopSequences", [])
        drop(fields, _CONFIG, {})
    _thinking(fields)
    drop(fields, "additionalModelRequestFields", {})
    _tools(fields)
    output = fields.get("outputConfig")
    if output is not None:
        _schema(output)
    messages = [_message(message) for message in items_of(fields.get("messages"))]
    system = fields.pop("system", None)
    if system is not None:
        messages.insert(0, MessageNode(Node("system", {}), "system", _blocks(system)))
    turns(fields, messages)


def nova(fields: dict[str, Node]) -> None:
    """Nova's body of invoke: Converse with an older name, and with the only schema that there is."""
    drop(fields, "schemaVersion", "messages-v1")
    config = fields.get(_CONFIG)
    if config is not None and "max_new_tokens" in config.value:
        config.value.setdefault("maxTokens", config.value.pop("max_new_tokens"))
    bedrock_converse(fields)


_PROMPT_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "stop_sequences": ([],),
    "stop": ([],),
    "stopSequences": ([],),
    "stream": (False,),
    "num_generations": (1,),
    "k": (0,),
    "numResults": (1,),
}


def prompts(fields: dict[str, Node], family: str) -> None:
    """A body of one prompt, which is what the user says. Claude's has a limit of an older name."""
    config = fields.get(CONFIG.get(family, ""))
    for name, values in _PROMPT_DEFAULTS.items():
        drop(fields if config is None else config.value, name, *values)
    drop(fields, CONFIG.get(family, ""), {})
    if "max_tokens_to_sample" in fields:
        fields.setdefault("max_tokens", fields.pop("max_tokens_to_sample"))
    if family == "command-r":
        return
    name = PROMPT.get(family, "prompt")
    said = fields[name]
    turns(fields, [MessageNode(said, "user", contents(said))], name)


def _thinking(fields: dict[str, Node]) -> None:
    """Claude's thinking has an older name."""
    more = fields.get("additionalModelRequestFields")
    older = more.value.get("reasoning_config") if more is not None and isinstance(more.value, dict) else None
    if more is not None and older is not None and isinstance(older.value, dict):
        more.value.setdefault("thinking", more.value.pop("reasoning_config"))


def _tools(fields: dict[str, Node]) -> None:
    config = fields.get("toolConfig")
    if config is None:
        return
    for tool in items_of(config.value.get("tools")):
        spec = tool.value.get("toolSpec")
        if spec is not None:
            drop(spec.value, "strict", False)
            drop(spec.value.get("inputSchema", Node("", {})).value, "json", *_EMPTY_SCHEMA)
            tool.value["name"] = spec.value.get("name", Node(spec.path, ""))
    drop(config.value, "toolChoice", {"auto": {}})
    drop(config.value, "tools", [])
    drop(fields, "toolConfig", {})


def _schema(output: Node) -> None:
    """A schema is text here; what counts is the JSON in it."""
    form = output.value.get("textFormat", Node("", {})).value.get("structure", Node("", {})).value
    inner = form.get("jsonSchema", Node("", {})).value
    if "schema" in inner:
        inner["schema"] = Node(inner["schema"].path, json_text(plain(inner["schema"])))


def _message(node: Node) -> MessageNode:
    fields = dict(node.value)
    role = fields.pop("role").value
    items = _blocks(fields.pop("content", Node(node.path, [])))
    items += [
        Node(value.path, {"~field": Node(value.path, name), "value": value}) for name, value in fields.items()
    ]
    return MessageNode(node, role, items)


def _blocks(content: Node) -> list[Node]:
    found = [_block(item) for item in items_of(content)]
    return [item for item in found if not _is_blank(item)]


def _is_blank(item: Node) -> bool:
    text = item.value.get("text")
    return text is not None and not str(text.value).strip()


def _block(item: Node) -> Node:
    fields = dict(item.value)
    kind = next(iter(fields), "")
    inner = fields.get(kind, Node(item.path, {}))
    if kind == "toolUse":
        drop(inner.value, "type", "tool_use")
        given = inner.value.get("input")
        if given is not None:
            inner.value["input"] = Node(given.path, json.dumps(plain(given), sort_keys=True))
    if kind == "toolResult":
        drop(inner.value, "status", "success")
        drop(inner.value, "type", "tool_result")
        content = inner.value.get("content", Node(inner.path, []))
        inner.value["content"] = Node(content.path, [_said(piece) for piece in _blocks(content)])
    if isinstance(inner.value, dict) and "toolUseId" in inner.value:
        given = inner.value["toolUseId"]
        inner.value["toolUseId"] = Node(given.path, original(str(given.value)))
    if kind == "document":
        drop(inner.value, "citations", {"enabled": False})
        _as_bytes(inner.value.get("source", Node("", {})))
    return Node(item.path, {"type": Node(item.path, kind), **fields})


def _as_bytes(source: Node) -> None:
    """A document's text may stand there as it is or as the bytes of a text file."""
    text = source.value.pop("text", None)
    if text is not None:
        source.value["bytes"] = Node(text.path, base64.b64encode(str(text.value).encode()).decode())


def _said(piece: Node) -> Node:
    """What a tool said: an object is the text of its JSON."""
    for kind in ("json", "text"):
        held: Any = piece.value.get(kind)
        if held is not None:
            text = json_text(plain(held))
            path = held.path if kind == "text" else piece.path
            return Node(piece.path, {"type": Node(piece.path, "text"), "text": Node(path, text)})
    return piece
