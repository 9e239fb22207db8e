"""Canonical conversations in the words of a chat template: roles and plain text, whatever the template is.

Templates differ in what they accept: many know no tools, some no system role, some insist that user and
assistant alternate. So tools, calls and results are written as text (`tooling`), system prompts are gathered at
the start, neighbours of one role are joined, and a template without a system role gets it in the first user turn.
"""

from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    Document,
    Failure,
    FailureKind,
    Image,
    Message,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.process.tooling import call_text, describe_output, describe_tools, result_text
from counterpoint.i18n import say

ContentPart = dict[str, Any]


class TemplateFacts(msgspec.Struct, frozen=True):
    """What was found out about a model's chat template when it was loaded. `system`: it has a system role.
    `thinks`: its generation prompt may end inside an open thinking block; `splits`: and the runtime does not
    tell that thinking from the answer. `sees`: the model takes images.
    `ends`: ids of the tokens with which a turn may end."""

    system: bool = True
    thinks: bool = False
    splits: bool = False
    sees: bool = False
    ends: tuple[int, ...] = ()


def template_messages(request: ChatRequest, manifest: Manifest, facts: TemplateFacts) -> list[ContentPart]:
    """The conversation as chat templates take it. Raises `Refused` for what this model cannot read."""
    system: list[str] = []
    turns: list[tuple[str, list[ContentPart]]] = []
    names = {
        part.id: part.name
        for message in request.messages
        for part in message.parts
        if isinstance(part, ToolCall)
    }
    for index, message in enumerate(request.messages):
        contents = _contents(message, f"messages[{index}]", facts, names)
        if message.role in {"system", "developer"}:
            system.append(_joined(contents))
            continue
        role = "assistant" if message.role == "assistant" else "user"
        if turns and turns[-1][0] == role:
            turns[-1][1].extend([_text("\n\n"), *contents] if contents else ())
        else:
            turns.append((role, contents))
    text = "\n\n".join(part for part in _system_texts(system, request, manifest) if part)
    if text and facts.system:
        turns.insert(0, ("system", [_text(text)]))
    elif text:
        _put_first(turns, text)
    return [{"role": role, "content": _content(contents)} for role, contents in turns]


def _system_texts(given: list[str], request: ChatRequest, manifest: Manifest) -> list[str]:
    texts = given or [manifest.system or ""]
    return [*texts, describe_tools(request), describe_output(request.output)]


def _put_first(turns: list[tuple[str, list[ContentPart]]], text: str) -> None:
    if turns and turns[0][0] == "user":
        turns[0][1][:0] = [_text(text + "\n\n")]
    else:
        turns.insert(0, ("user", [_text(text)]))


def _contents(message: Message, path: str, facts: TemplateFacts, names: dict[str, str]) -> list[ContentPart]:
    contents: list[ContentPart] = []
    for index, part in enumerate(message.parts):
        where = f"{path}.content[{index}]"
        if isinstance(part, ToolResult):
            inner = [_part(piece, where, facts) for piece in part.parts]
            text = _joined([piece for piece in inner if piece is not None and piece["type"] == "text"])
            contents.append(_text(result_text(names.get(part.call_id, ""), text, part.is_error)))
            contents.extend(piece for piece in inner if piece is not None and piece["type"] != "text")
            continue
        piece = _part(part, where, facts)
        if piece is not None:
            contents.append(piece)
    return contents


def _part(part: Part, where: str, facts: TemplateFacts) -> ContentPart | None:
    match part:
        case Text(text) | Refusal(text):
            return _text(text)
        case ToolCall():
            return _text(call_text(part))
        case Reasoning():
            return None  # templates drop earlier thinking themselves
        case Image(source) if facts.sees and source.kind == "data":
            url = f"data:{source.media_type or 'image/png'};base64,{source.value}"
            return {"type": "image_url", "image_url": {"url": url}}
        case Image(source) if facts.sees:
            raise _refused("engines.image_by_reference", where)
        case Document(source, title) if source.kind == "text":
            return _text(f"{title}\n\n{source.value}" if title else source.value)
        case _:
            raise _refused("engines.cannot_read", where, kind=part.__struct_config__.tag)


def _refused(sentence: str, where: str, **values: object) -> Refused:
    return Refused(
        Failure(
            FailureKind.unsupported,
            say(sentence, lang="en", **values),
            code="unsupported_content",
            param=where,
            from_upstream=True,
        )
    )


def _text(text: str) -> ContentPart:
    return {"type": "text", "text": text}


def _joined(contents: list[ContentPart]) -> str:
    return "".join(piece["text"] for piece in contents if piece["type"] == "text")


def _content(contents: list[ContentPart]) -> str | list[ContentPart]:
    if all(piece["type"] == "text" for piece in contents):
        return _joined(contents)
    return contents
