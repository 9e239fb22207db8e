"""The Gemini API in the form in which two of its requests are compared (see `counterpoint.testing.same`).

Its turns say parts; calls, which need no ids there, are numbered, and a result has the number of its call. Schemas in
the API's own form become the JSON Schema that they mean.
"""

import contextlib
import json
from collections import defaultdict, deque
from typing import Any

from counterpoint.dialects.gemini_generate.schemas import json_schema
from counterpoint.testing.alignment import Node, plain, tree
from counterpoint.testing.turns import MessageNode, drop, items_of, turns

_CONFIG = "generationConfig"
_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "candidateCount": (1,),
    "responseMimeType": ("text/plain",),
    "responseModalities": (["TEXT"], ["Text"], ["text"]),
    "stopSequences": ([],),
    "responseLogprobs": (False,),
    "presencePenalty": (0,),
    "frequencyPenalty": (0,),
    "thinkingConfig": ({},),
}
_KINDS = {"audio/x-wav": "audio/wav", "audio/mp3": "audio/mpeg"}
_BLANK = {"text": ""}


def gemini_generate(fields: dict[str, Node]) -> None:
    """Everything written in one way, the contents as turns. What is wrapped to be counted is unwrapped."""
    wrapped = fields.pop("generateContentRequest", None)
    if wrapped is not None:
        fields.update(wrapped.value)
    fields.pop("model", None)
    _settings(fields)
    choice = fields.get("toolConfig")
    if choice is not None:
        drop(choice.value.get("functionCallingConfig", Node("", {})).value, "mode", "AUTO")
        drop(choice.value, "functionCallingConfig", {})
        drop(fields, "toolConfig", {})
    fields["tools"] = Node("tools", [one for tool in items_of(fields.get("tools")) for one in _tools(tool)])
    drop(fields, "tools", [])
    contents = fields.pop("contents", Node("contents", []))
    listed = contents.value if isinstance(contents.value, list) else [contents]
    numbers = _Numbers()
    messages = [_message(content, numbers) for content in listed]
    system = fields.pop("systemInstruction", None)
    if system is not None:
        messages.insert(0, MessageNode(system, "system", _said(system, numbers)))
    turns(fields, messages, "contents")


def _settings(fields: dict[str, Node]) -> None:
    config = fields.get(_CONFIG)
    if config is None:
        return
    thinking = config.value.get("thinkingConfig")
    if thinking is not None and isinstance(thinking.value, dict):
        drop(thinking.value, "includeThoughts", True, False)
    for name, values in _DEFAULTS.items():
        drop(config.value, name, *values)
    own = config.value.pop("responseSchema", None)
    if own is not None:
        config.value["responseJsonSchema"] = tree(json_schema(plain(own)), own.path)
    drop(fields, _CONFIG, {})


def _tools(tool: Node) -> list[Node]:
    """Each function, and each thing that the host runs, by itself."""
    listed = [_function(one) for one in items_of(tool.value.get("functionDeclarations"))]
    others = {name: item for name, item in tool.value.items() if name != "functionDeclarations"}
    return listed + [Node(item.path, {name: item}) for name, item in others.items()]


def _function(node: Node) -> Node:
    fields = dict(node.value)
    own = fields.pop("parameters", None)
    if own is not None:
        fields["parametersJsonSchema"] = tree(json_schema(plain(own)), own.path)
    drop(fields, "parametersJsonSchema", {}, {"type": "object", "properties": {}}, {"type": "object"})
    return Node(node.path, fields)


class _Numbers:
    """Calls in the order in which they are made; a result without an id is for the next call of its name."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[tuple[str, int]]] = defaultdict(deque)
        self._count = 0

    def call(self, name: str, given: str) -> int:
        self._count += 1
        self._waiting[name].append((given, self._count))
        return self._count

    def result(self, name: str, given: str) -> int:
        waiting = self._waiting[name]
        found = next((one for one in waiting if one[0] == given), waiting[0] if waiting else None)
        if found is None:
            return 0
        waiting.remove(found)
        return found[1]


def _message(node: Node, numbers: _Numbers) -> MessageNode:
    role = "assistant" if plain(node.value.get("role", Node("", "user"))) == "model" else "user"
    return MessageNode(node, role, _said(node, numbers))


def _said(node: Node, numbers: _Numbers) -> list[Node]:
    parts = node.value.get("parts")
    listed = parts.value if parts is not None and isinstance(parts.value, list) else [parts] if parts else []
    return [_part(part, numbers) for part in listed if part is not None and plain(part) not in ({}, _BLANK)]


def _part(node: Node, numbers: _Numbers) -> Node:
    fields = dict(node.value)
    for name, number in (("functionCall", numbers.call), ("functionResponse", numbers.result)):
        if name in fields:
            inner = dict(fields[name].value)
            called = plain(inner.get("name", Node("", "")))
            given = plain(inner.pop("id", Node("", "")))
            inner["id"] = Node(fields[name].path, number(str(called), str(given)))
            fields[name] = Node(fields[name].path, inner)
    _media(fields)
    if "functionCall" in fields:
        drop(fields["functionCall"].value, "args", {})
    if "functionResponse" in fields:
        inner = fields["functionResponse"].value
        _response(inner)
        if "parts" in inner:
            inner["parts"] = Node(
                inner["parts"].path, [_part(part, numbers) for part in items_of(inner["parts"])]
            )
    drop(fields, "thought", False)
    return Node(node.path, fields)


def _media(fields: dict[str, Node]) -> None:
    for name in ("inlineData", "fileData"):
        if name in fields:
            drop(fields[name].value, "displayName", "document.pdf")
            data = fields[name].value.get("data")
            if data is not None and isinstance(data.value, str):
                data.value = data.value.translate(str.maketrans("-_", "+/")).rstrip("=")
            kind = fields[name].value.get("mimeType")
            if kind is not None and isinstance(kind.value, str):
                kind.value = _KINDS.get(kind.value, kind.value)
    if str(plain(fields.get("fileData", Node("", {}))).get("fileUri")).startswith("http"):
        fields["fileData"].value.pop("mimeType", None)


def _response(inner: dict[str, Node]) -> None:
    """A result's words may stand under two names, and an object may be written out as its JSON."""
    response = inner.get("response")
    if response is None:
        return
    value = plain(response)
    if isinstance(value, dict) and len(value) == 1:
        words = next(iter(value.values()))
        value = words if value.keys() <= {"output", "result"} and not isinstance(words, dict) else value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    inner["response"] = Node(response.path, json.dumps(value, sort_keys=True))
