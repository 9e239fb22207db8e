"""Ollama's API in the form in which two of its requests are compared (see `counterpoint.testing.same`)."""

from typing import Any

from counterpoint.testing.alignment import Node, plain
from counterpoint.testing.turns import MessageNode, contents, drop, items_of, json_text, long_forms, turns

_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "stream": (True,),
    "tools": ([],),
    "format": ("",),
    "system": ("",),
    "suffix": ("",),
    "template": ("",),
    "context": ([],),
    "raw": (False,),
    "images": ([],),
    "logprobs": (False,),
}
_OPTION_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "stop": ([],),
    "num_predict": (-1, -2),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
}


def ollama(fields: dict[str, Node]) -> None:
    """Everything written in one way, a prompt or the messages as turns."""
    for name, values in _DEFAULTS.items():
        drop(fields, name, *values)
    options = fields.get("options")
    if options is not None and isinstance(options.value, dict):
        for name, values in _OPTION_DEFAULTS.items():
            drop(options.value, name, *values)
        drop(fields, "options", {})
    for tool in items_of(fields.get("tools")):
        _tool(tool.value)
    calls: dict[str, int] = {}
    messages = [_message(message, calls) for message in items_of(fields.get("messages"))]
    for name, role in (("system", "system"), ("prompt", "user")):
        said = fields.pop(name, None)
        if said is not None:
            images = fields.pop("images", None) if role == "user" else None
            messages.append(MessageNode(said, role, [*contents(said), *_images(images)]))
    turns(fields, messages)
    for turn in items_of(fields["~turns"]):
        says = turn.value["says"]
        says.value = _joined(says.value)


def _joined(items: list[Node]) -> list[Node]:
    """Texts that follow each other are one: there is no other way to write them in one message."""
    joined: list[Node] = []
    for item in items:
        if joined and item.value.keys() == joined[-1].value.keys() == {"type", "text"}:
            text = Node(joined[-1].path, f"{plain(joined[-1])['text']}\n{plain(item)['text']}")
            joined[-1] = Node(joined[-1].path, {"type": item.value["type"], "text": text})
        else:
            joined.append(item)
    return joined


def _tool(fields: dict[str, Node]) -> None:
    drop(fields, "type", "function")
    function = fields.get("function")
    if function is not None and isinstance(function.value, dict):
        drop(function.value, "parameters", {}, {"type": "object", "properties": {}})


def _images(images: Node | None) -> list[Node]:
    return [Node(image.path, {"image": image}) for image in items_of(images)]


def _message(node: Node, calls: dict[str, int]) -> MessageNode:
    fields = dict(node.value)
    role = str(fields.pop("role").value).lower()
    items = contents(fields.pop("content", None))
    items += _images(fields.pop("images", None))
    drop(fields, "thinking", "")
    for call in items_of(fields.pop("tool_calls", None)):
        items.append(_call(call, calls))
    if role == "tool":
        number = _number(fields, calls)
        said = Node(f"{node.path}.content", items)
        items = [Node(node.path, {"result": Node(node.path, number), "says": said})]
    items += [
        Node(value.path, {"~field": Node(value.path, name), "value": value}) for name, value in fields.items()
    ]
    return MessageNode(node, "user" if role == "tool" else role, items)


def _number(fields: dict[str, Node], calls: dict[str, int]) -> int:
    """Which call a result is for: the one of its id, else the next."""
    call_id, name = fields.pop("tool_call_id", None), fields.pop("tool_name", None)
    if call_id is not None and call_id.value in calls:
        return calls.pop(call_id.value)
    wanted = "" if name is None else str(name.value)
    found = next((key for key in calls if key.endswith(f" {wanted}") or not wanted), None)
    return calls.pop(found) if found is not None else -1


def _call(call: Node, calls: dict[str, int]) -> Node:
    fields = dict(call.value)
    call_id = fields.pop("id", None)
    drop(fields, "type", "function")
    function = fields.pop("function")
    inner = dict(function.value)
    inner.pop("index", None)
    name = str(inner["name"].value)
    key = str(call_id.value) if call_id is not None and call_id.value else f"{len(calls)} {name}"
    calls[key] = len(calls)
    arguments = inner.pop("arguments", None)
    text = "{}" if arguments is None else json_text(plain(arguments))
    said = {**inner, "arguments": Node(call.path if arguments is None else arguments.path, text)}
    return Node(call.path, {**fields, "function": Node(function.path, said)})


_COMPLETION_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "n": (1,),
    "best_of": (1,),
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
    "stream": (False,),
    "stop": ([],),
    "suffix": ("",),
    "echo": (False,),
    "logit_bias": ({},),
}


def completions(fields: dict[str, Node]) -> None:
    """A legacy completion: everything written in one way, the prompt as what the user says."""
    for name, values in _COMPLETION_DEFAULTS.items():
        drop(fields, name, *values)
    long_forms(fields)
    prompt = fields.get("prompt")
    if prompt is not None and isinstance(prompt.value, list) and len(prompt.value) == 1:
        fields["prompt"] = Node(prompt.path, prompt.value[0].value)
