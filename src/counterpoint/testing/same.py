"""The few ways to write the same: what a comparison of two requests of one dialect must not call a difference.

Each rule has its reason in `EQUIVALENCES`, which the conformance page prints. `normal_form` applies them all.
Message lists become `system` (what every system and developer message says, and after how many turns) and
`turns` (consecutive messages of one role in one), because dialects differ in where they put the first and all
of them treat the second alike.
"""

import json
from collections.abc import Callable
from typing import Any

from counterpoint.dialects.bedrock_invoke.families import family_of_request
from counterpoint.dialects.bedrock_invoke.spoken import VERSION
from counterpoint.dialects.gemini_generate.camel import camel
from counterpoint.testing.alignment import Node, plain, tree
from counterpoint.testing.same_bedrock import bedrock_converse, nova, prompts
from counterpoint.testing.same_cohere import cohere_chat
from counterpoint.testing.same_gemini import gemini_generate
from counterpoint.testing.same_ollama import completions, ollama
from counterpoint.testing.same_responses import openai_responses
from counterpoint.testing.turns import MessageNode, call_item, contents, drop, items_of, long_forms, turns

EQUIVALENCES: dict[str, str] = {
    "null": "A field that is null means what an absent field means.",
    "text": "Content written as a string is a list of one text; blank content is none.",
    "turns": "Consecutive messages of one role are one turn: both APIs read them so.",
    "defaults": "A field that says what the API does anyway (n: 1, a penalty of 0, stream: false, "
    "parallel_tool_calls: true, tool_choice: auto, detail: auto, strict: false, is_error: false, an empty list of "
    "tools or stop sequences, response_format: text) is like its absence.",
    "older words": "max_tokens is max_completion_tokens, functions are tools, a function's result is a tool's, "
    "output_format is output_config.format, Claude's reasoning_config is thinking: the makers' own documentation says "
    "so.",
    "short forms": "stop as a string, image_url as a string and a call or tool without its type function or "
    "custom mean what their long forms mean.",
    "arguments": "A call's arguments are compared as the JSON that they are, not as text; none are {}.",
    "no parameters": "A tool without parameters takes an empty object; a call without an id has an empty one, "
    "or is given one where other dialects need it.",
    "usage": "An Anthropic stream always reports usage, so stream_options.include_usage is always set on the way "
    "back; the gateway tells the client what it had asked for.",
    "file names": "A file's name is its document's title; one without a name is called document.pdf, or document.",
    "prefix": "Mistral wants an answer that the caller has begun to be marked; it is the last message, so that is "
    "clear.",
    "plan": "What Cohere's models write into tool_plan before their calls is a thought, as in a content's thinking.",
    "labels": "An id and a status of an item of the Responses API are labels of its own store; a request that holds "
    "the item itself says the same without them. Text there is input_text or output_text by who says it.",
    "store": "Only the Responses API keeps answers unless told not to. Hosts of other dialects keep none, so a request "
    "that comes from one says store: false.",
    "calls of the Gemini API": "They need no ids: a result is for the next call of its name. A result's words may "
    "stand under output or result, and a schema in the API's own form or as the JSON Schema that it means.",
    "media types": "What kind of file a URL points at is told by its server; only the Gemini API wants to be told. "
    "audio/x-wav is audio/wav, audio/mp3 is audio/mpeg.",
    "base64": "The Gemini API reads both alphabets of RFC 4648, others only the usual one.",
    "thoughts shown": "Only the Gemini API has to be asked to show what a model thinks; others show what they have.",
    "bodies of InvokeModel": "max_new_tokens is maxTokens and max_tokens_to_sample max_tokens; Nova has only one "
    "schemaVersion and Claude only one anthropic_version; k: 0 is Command's default; a prompt is what the user says.",
    "repetition": "reasoning beside reasoning_details or reasoning_content repeats it; fields that a host fills "
    "with nothing (an empty refusal, no annotations) say nothing.",
}

_VERBATIM = {
    *("parameters", "schema", "input_schema", "input", "arguments"),
    *("args", "response", "responseSchema", "responseJsonSchema", "parametersJsonSchema"),
}
"""Fields whose value is the user's own JSON: nulls in them mean something."""


_SPELLED: dict[str, Callable[[Any], Any]] = {"gemini-generate": camel, "gemini-embed": camel}
"""Dialects that read two spellings of every field, and what makes them one."""


def one_spelling(dialect: str, value: Any) -> Any:
    """`value` with each field of `dialect` spelled in one way."""
    spelled = _SPELLED.get(dialect)
    return value if spelled is None else spelled(value)


def normal_form(dialect: str, request: Any) -> Node:
    """`request` with everything written in one way, each part with the path it had."""
    node = tree(one_spelling(dialect, request))
    _drop_nulls(node)
    if dialect in _FORMS:
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
        drop(fields, name, *values)
    long_forms(fields)
    for tool in items_of(fields.get("tools")):
        _openai_tool(tool.value)
    drop(
        fields.get("tool_choice", Node("", {})).value if _is_object(fields.get("tool_choice")) else {},
        "type",
        "function",
    )
    turns(fields, [_openai_message(message) for message in items_of(fields.get("messages"))])


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
    "store": (False,),
}


def _is_object(node: Node | None) -> bool:
    return node is not None and isinstance(node.value, dict)


def _openai_tool(tool: dict[str, Node]) -> None:
    drop(tool, "type", "function")
    function = tool.get("function")
    if function is not None and isinstance(function.value, dict):
        drop(function.value, "strict", False)
        drop(function.value, "parameters", {}, {"type": "object", "properties": {}})


def _openai_message(node: Node) -> MessageNode:
    fields = dict(node.value)
    role = fields.pop("role").value
    if "function_call" in fields:
        call = fields.pop("function_call")
        fields["tool_calls"] = Node(call.path, [Node(call.path, {"function": call})])
    items = contents(fields.pop("content", None))
    for item in items:
        _openai_part(item)
    for call in items_of(fields.pop("tool_calls", None)):
        items.append(call_item(call))
    if role in {"tool", "function"}:
        return MessageNode(node, "user", [_openai_result(node, fields, items, role)])
    _openai_assistant(fields)
    items += [
        Node(value.path, {"~field": Node(value.path, name), "value": value}) for name, value in fields.items()
    ]
    return MessageNode(node, role, items)


def _openai_assistant(fields: dict[str, Node]) -> None:
    """What a host repeats, or fills with nothing, in the messages that it hands out."""
    drop(fields, "annotations", [])
    drop(fields, "reasoning_details", [])
    for name in ("reasoning_content", "reasoning", "refusal"):
        drop(fields, name, "")
    if "reasoning_content" in fields:
        drop(fields, "reasoning", plain(fields["reasoning_content"]))
    if "reasoning_details" in fields:
        fields.pop("reasoning", None)
        fields.pop("reasoning_content", None)


def _openai_part(item: Node) -> None:
    image = item.value.get("image_url")
    if image is not None and isinstance(image.value, str):
        item.value["image_url"] = Node(image.path, {"url": image})
    image = item.value.get("image_url")
    if image is not None and isinstance(image.value, dict):
        drop(image.value, "detail", "auto")


def _openai_result(node: Node, fields: dict[str, Node], items: list[Node], role: str) -> Node:
    drop(fields, "tool_call_id", "")
    if role == "function":
        fields.pop("name", None)
    return Node(
        node.path,
        {"type": Node(node.path, "result"), **fields, "content": Node(f"{node.path}.content", items)},
    )


# Anthropic's messages


def _anthropic_messages(fields: dict[str, Node]) -> None:
    for name, values in _ANTHROPIC_DEFAULTS.items():
        drop(fields, name, *values)
    if "output_format" in fields:
        output = fields.pop("output_format")
        config = fields.setdefault("output_config", Node(output.path, {}))
        config.value.setdefault("format", output)
    drop(fields, "output_config", {})
    choice = fields.get("tool_choice")
    if choice is not None and isinstance(choice.value, dict):
        drop(choice.value, "disable_parallel_tool_use", False)
        drop(fields, "tool_choice", {"type": "auto"})
    for tool in items_of(fields.get("tools")):
        drop(tool.value, "type", "custom")
        drop(tool.value, "strict", False)
        drop(tool.value, "input_schema", {}, {"type": "object", "properties": {}})
    messages = [_anthropic_message(message) for message in items_of(fields.get("messages"))]
    system = fields.pop("system", None)
    if system is not None:
        messages.insert(0, MessageNode(Node("system", {}), "system", contents(system)))
    turns(fields, messages)


_ANTHROPIC_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "stream": (False,),
    "tools": ([],),
    "stop_sequences": ([],),
    "metadata": ({},),
}


def _anthropic_message(node: Node) -> MessageNode:
    fields = dict(node.value)
    role = fields.pop("role").value
    items = contents(fields.pop("content", None))
    for item in items:
        _anthropic_block(item.value)
    items += [
        Node(value.path, {"~field": Node(value.path, name), "value": value}) for name, value in fields.items()
    ]
    return MessageNode(node, role, items)


def _anthropic_block(block: dict[str, Node]) -> None:
    kind = block["type"].value
    if kind == "text":
        drop(block, "citations", [])
    if kind == "document":
        drop(block, "citations", {"enabled": False})
        drop(block, "title", "document.pdf", "document")
    if kind == "tool_use":
        block["input"] = Node(block["input"].path, json.dumps(plain(block["input"]), sort_keys=True))
    if kind == "tool_result":
        drop(block, "is_error", False)
        content = block.pop("content", None)
        items = contents(content)
        for item in items:
            _anthropic_block(item.value)
        block["content"] = Node(content.path if content else block["type"].path, items)


def _mistral_chat(fields: dict[str, Node]) -> None:
    """The shared grammar's form; what only one of the two writes has one spelling already."""
    _rename(fields, "random_seed", "seed")
    drop(fields, "safe_prompt", False)
    if "tool_choice" in fields and fields["tool_choice"].value == "any":
        fields["tool_choice"] = Node(fields["tool_choice"].path, "required")
    messages = items_of(fields.get("messages"))
    for message in messages:
        drop(message.value, "prefix", False)
        if message is messages[-1]:
            drop(message.value, "prefix", True)
        for call in items_of(message.value.get("tool_calls")):
            call.value.pop("index", None)
        for piece in items_of(message.value.get("content")):
            drop(piece.value, "closed", True)
            drop(piece.value, "document_name", "document.pdf")
    _openai_chat(fields)
    _rename(fields, "max_completion_tokens", "max_tokens")


def _bedrock_invoke(fields: dict[str, Node]) -> None:
    """A body of invoke is one of its model's maker, and says of which by what is in it."""
    family = family_of_request({name: plain(node) for name, node in fields.items()})
    if family == "anthropic":
        drop(fields, "anthropic_version", VERSION)
        _anthropic_messages(fields)
    elif family == "nova":
        nova(fields)
    elif family == "chat":
        _openai_chat(fields)
    elif family is not None:
        prompts(fields, family)


_FORMS: dict[str, Callable[[dict[str, Node]], None]] = {
    "openai-chat": _openai_chat,
    "anthropic-messages": _anthropic_messages,
    "vertex-anthropic": _anthropic_messages,
    "openai-responses": openai_responses,
    "bedrock-invoke": _bedrock_invoke,
    "ollama-chat": ollama,
    "ollama-generate": ollama,
    "openai-completions-legacy": completions,
    "gemini-generate": gemini_generate,
    "bedrock-converse": bedrock_converse,
    "cohere-chat": cohere_chat,
    "mistral-chat": _mistral_chat,
}
