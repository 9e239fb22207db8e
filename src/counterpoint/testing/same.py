"""The few ways to write the same: what a comparison of two requests of one dialect must not call a difference.

Each rule has its reason in `EQUIVALENCES`, which the conformance page prints. `normal_form` applies them all.
Message lists become `system` (what every system and developer message says, and after how many turns) and
`turns` (consecutive messages of one role in one), because dialects differ in where they put the first and all
of them treat the second alike.
"""

import json
from collections.abc import Callable
from typing import Any

from counterpoint.testing.alignment import Node, plain, tree

EQUIVALENCES: dict[str, str] = {
    "null": "A field that is null means what an absent field means.",
    "text": "Content written as a string is a list of one text; blank content is none.",
    "turns": "Consecutive messages of one role are one turn: both APIs read them so.",
    "defaults": "A field that says what the API does anyway (n: 1, a penalty of 0, stream: false, "
    "parallel_tool_calls: true, tool_choice: auto, strict: false, is_error: false, an empty list of tools or stop "
    "sequences, response_format: text) is like its absence.",
    "older words": "max_tokens is max_completion_tokens, functions are tools, a function's result is a tool's, "
    "output_format is output_config.format: the makers' own documentation says so.",
    "short forms": "stop as a string, image_url as a string and a call or tool without its type function or "
    "custom mean what their long forms mean.",
    "arguments": "A call's arguments are compared as the JSON that they are, not as text; none are {}.",
    "no parameters": "A tool without parameters takes an empty object; a call without an id has an empty one.",
    "usage": "An Anthropic stream always reports usage, so stream_options.include_usage is always set on the way "
    "back; the gateway tells the client what it had asked for.",
    "file names": "A file's name is its document's title; one without a name is called document.pdf.",
    "repetition": "reasoning beside reasoning_details or reasoning_content repeats it; fields that a host fills "
    "with nothing (an empty refusal, no annotations) say nothing.",
}

_VERBATIM = {"parameters", "schema", "input_schema", "input", "arguments"}
"""Fields whose value is the user's own JSON: nulls in them mean something."""


def normal_form(dialect: str, request: Any) -> Node:
    """`request` with everything written in one way, each part with the path it had."""
    node = tree(request)
    _drop_nulls(node)
    _FORMS[dialect](node.value)
    return node


def _drop_nulls(node: Node) -> None:
    if isinstance(node.value, dict):
        node.value = {name: item for name, item in node.value.items() if item.value is not None}
        for name, item in node.value.items():
            if name not in _VERBATIM:
                _drop_nulls(item)
    elif isinstance(node.value, list):
        for item in node.value:
            _drop_nulls(item)


def _drop(fields: dict[str, Node], name: str, *meaningless: Any) -> None:
    if name in fields and any(_same(plain(fields[name]), value) for value in meaningless):
        del fields[name]


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _rename(fields: dict[str, Node], old: str, new: str) -> None:
    if old in fields and new not in fields:
        fields[new] = fields.pop(old)


# OpenAI's chat completions


def _openai_chat(fields: dict[str, Node]) -> None:
    _rename(fields, "max_tokens", "max_completion_tokens")
    if "functions" in fields:
        functions = fields.pop("functions")
        fields["tools"] = Node(functions.path, [Node(f.path, {"function": f}) for f in functions.value])
    if "function_call" in fields:
        choice = fields.pop("function_call")
        named = isinstance(choice.value, dict)
        fields["tool_choice"] = Node(choice.path, {"function": choice}) if named else choice
    for name, values in _OPENAI_DEFAULTS.items():
        _drop(fields, name, *values)
    if "stop" in fields and isinstance(fields["stop"].value, str):
        fields["stop"] = Node(fields["stop"].path, [fields["stop"]])
    options = fields.get("stream_options")
    if options is not None and isinstance(options.value, dict):
        options.value.pop("include_usage", None)
        _drop(fields, "stream_options", {})
    for tool in _list(fields.get("tools")):
        _openai_tool(tool.value)
    _drop(
        fields.get("tool_choice", Node("", {})).value if _is_object(fields.get("tool_choice")) else {},
        "type",
        "function",
    )
    _turns(fields, [_openai_message(message) for message in _list(fields.get("messages"))])


_OPENAI_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "n": (1,),
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
    "stream": (False,),
    "logprobs": (False,),
    "parallel_tool_calls": (True,),
    "tools": ([],),
    "stop": ([],),
    "tool_choice": ("auto",),
    "response_format": ({"type": "text"},),
}


def _list(node: Node | None) -> list[Node]:
    return node.value if node is not None and isinstance(node.value, list) else []


def _is_object(node: Node | None) -> bool:
    return node is not None and isinstance(node.value, dict)


def _openai_tool(tool: dict[str, Node]) -> None:
    _drop(tool, "type", "function")
    function = tool.get("function")
    if function is not None and isinstance(function.value, dict):
        _drop(function.value, "strict", False)
        _drop(function.value, "parameters", {}, {"type": "object", "properties": {}})


class _Message:
    """One message taken apart: its role and all it says, each item with its path."""

    def __init__(self, node: Node, role: str, items: list[Node]) -> None:
        self.node = node
        self.role = role
        self.items = items


def _openai_message(node: Node) -> _Message:
    fields = dict(node.value)
    role = fields.pop("role").value
    if "function_call" in fields:
        call = fields.pop("function_call")
        fields["tool_calls"] = Node(call.path, [Node(call.path, {"function": call})])
    items = _contents(fields.pop("content", None))
    for item in items:
        _openai_part(item)
    for call in _list(fields.pop("tool_calls", None)):
        items.append(_openai_call(call))
    if role in {"tool", "function"}:
        return _Message(node, "user", [_openai_result(node, fields, items, role)])
    _openai_assistant(fields)
    items += [
        Node(value.path, {"~field": Node(value.path, name), "value": value}) for name, value in fields.items()
    ]
    return _Message(node, role, items)


def _openai_assistant(fields: dict[str, Node]) -> None:
    """What a host repeats, or fills with nothing, in the messages that it hands out."""
    _drop(fields, "annotations", [])
    _drop(fields, "reasoning_details", [])
    for name in ("reasoning_content", "reasoning", "refusal"):
        _drop(fields, name, "")
    if "reasoning_content" in fields:
        _drop(fields, "reasoning", plain(fields["reasoning_content"]))
    if "reasoning_details" in fields:
        fields.pop("reasoning", None)
        fields.pop("reasoning_content", None)


def _contents(content: Node | None) -> list[Node]:
    """What a content says; blanks say nothing."""
    if content is None:
        return []
    if isinstance(content.value, str):
        text = Node(content.path, {"type": Node(content.path, "text"), "text": content})
        return [text] if content.value.strip() else []
    return [item for item in _list(content) if not _is_blank(item)]


def _is_blank(item: Node) -> bool:
    value = plain(item)
    return (
        isinstance(value, dict)
        and value.keys() <= {"type", "text"}
        and not str(value.get("text", "x")).strip()
    )


def _openai_part(item: Node) -> None:
    image = item.value.get("image_url")
    if image is not None and isinstance(image.value, str):
        item.value["image_url"] = Node(image.path, {"url": image})


def _openai_call(call: Node) -> Node:
    fields = dict(call.value)
    _drop(fields, "type", "function")
    _drop(fields, "id", "")
    function = fields.get("function")
    if function is not None:
        inner = dict(function.value)
        arguments = inner.get("arguments", Node(function.path, ""))
        inner["arguments"] = Node(arguments.path, _arguments(plain(arguments)))
        fields["function"] = Node(function.path, inner)
    return Node(call.path, {"type": Node(call.path, "call"), **fields})


def _arguments(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value, sort_keys=True)
    if not value.strip():
        return "{}"
    try:
        return json.dumps(json.loads(value), sort_keys=True)
    except ValueError:
        return value


def _openai_result(node: Node, fields: dict[str, Node], items: list[Node], role: str) -> Node:
    _drop(fields, "tool_call_id", "")
    if role == "function":
        fields.pop("name", None)
    return Node(
        node.path,
        {"type": Node(node.path, "result"), **fields, "content": Node(f"{node.path}.content", items)},
    )


def _turns(fields: dict[str, Node], messages: list[_Message]) -> None:
    """`messages` as what the system says and turns of user and assistant."""
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
            path = message.node.path
            turns.append(Node(path, {"role": Node(path, message.role), "says": Node(path, message.items)}))
    fields.pop("messages", None)
    path = "messages"
    fields["~system"] = Node(path, system)
    fields["~turns"] = Node(path, turns)


# Anthropic's messages


def _anthropic_messages(fields: dict[str, Node]) -> None:
    for name, values in _ANTHROPIC_DEFAULTS.items():
        _drop(fields, name, *values)
    if "output_format" in fields:
        output = fields.pop("output_format")
        config = fields.setdefault("output_config", Node(output.path, {}))
        config.value.setdefault("format", output)
    _drop(fields, "output_config", {})
    choice = fields.get("tool_choice")
    if choice is not None and isinstance(choice.value, dict):
        _drop(choice.value, "disable_parallel_tool_use", False)
        _drop(fields, "tool_choice", {"type": "auto"})
    for tool in _list(fields.get("tools")):
        _drop(tool.value, "type", "custom")
        _drop(tool.value, "strict", False)
        _drop(tool.value, "input_schema", {}, {"type": "object", "properties": {}})
    messages = [_anthropic_message(message) for message in _list(fields.get("messages"))]
    system = fields.pop("system", None)
    if system is not None:
        messages.insert(0, _Message(Node("system", {}), "system", _contents(system)))
    _turns(fields, messages)


_ANTHROPIC_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "stream": (False,),
    "tools": ([],),
    "stop_sequences": ([],),
    "metadata": ({},),
}


def _anthropic_message(node: Node) -> _Message:
    fields = dict(node.value)
    role = fields.pop("role").value
    items = _contents(fields.pop("content", None))
    for item in items:
        _anthropic_block(item.value)
    items += [
        Node(value.path, {"~field": Node(value.path, name), "value": value}) for name, value in fields.items()
    ]
    return _Message(node, role, items)


def _anthropic_block(block: dict[str, Node]) -> None:
    kind = block["type"].value
    if kind == "text":
        _drop(block, "citations", [])
    if kind == "document":
        _drop(block, "citations", {"enabled": False})
        _drop(block, "title", "document.pdf")
    if kind == "tool_use":
        block["input"] = Node(block["input"].path, json.dumps(plain(block["input"]), sort_keys=True))
    if kind == "tool_result":
        _drop(block, "is_error", False)
        content = block.pop("content", None)
        items = _contents(content)
        for item in items:
            _anthropic_block(item.value)
        block["content"] = Node(content.path if content else block["type"].path, items)


_FORMS: dict[str, Callable[[dict[str, Node]], None]] = {
    "openai-chat": _openai_chat,
    "anthropic-messages": _anthropic_messages,
}
