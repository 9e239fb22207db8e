"""Messages of another dialect as this API wants them.

Its rules: the words of a message are one string, with pictures (data only) and calls beside it; each result of a tool
is a message of its own, directly after the calls.
"""

from collections.abc import Iterator, Sequence

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    Document,
    Image,
    Message,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Role,
    Text,
    ToolCall,
    ToolResult,
)
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.ollama.messages import kind_of_image, object_call
from counterpoint.dialects.transcript import kind_of


def adapt_messages(request: ChatRequest, losing: Losing) -> ChatRequest:
    """`request` with messages that this API can say."""
    adapted = [
        turn
        for index, message in enumerate(request.messages)
        for turn in _adapt(message, f"messages[{index}]", losing)
    ]
    return msgspec.structs.replace(request, messages=tuple(adapted))


def _adapt(message: Message, path: str, losing: Losing) -> Iterator[Message]:
    losing.fields(message.extensions, path)
    if message.name is not None:
        losing.lose("message.name", f"{path}.name", "degraded", "turns have no names in the target")
    if message.role == "developer":
        losing.lose(
            "message.role", f"{path}.role", "cosmetic", "a developer message becomes a system message"
        )
    kept: list[tuple[str, Part]] = []
    results: list[ToolResult] = []
    for place, part in enumerate(message.parts):
        where = f"{path}.parts[{place}]"
        if isinstance(part, ToolResult):
            if kept:
                losing.lose("message.order", where, "degraded", "results come first in the target")
            results.append(_result(part, where, losing))
            continue
        adapted = _part(part, where, message.role, losing)
        if adapted is not None:
            kept.append((where, adapted))
    for result in results:
        yield Message("tool", (result,))
    if kept or not message.parts:
        yield Message(_role(message.role), tuple(_ordered(kept, losing)))


def _role(role: Role) -> Role:
    return {"developer": "system", "tool": "user"}.get(role, role)  # type: ignore[return-value]  # both are roles


def _ordered(parts: Sequence[tuple[str, Part]], losing: Losing) -> list[Part]:
    """Thinking, words in one, pictures, calls: what stood otherwise is declared."""
    texts = [(where, part) for where, part in parts if isinstance(part, Text)]
    if len(texts) > 1:
        for where, _ in texts:
            losing.lose("text.joined", where, "cosmetic", "the words of a message are one text in the target")
    thoughts = [(where, part) for where, part in parts if isinstance(part, Reasoning)]
    for where, _ in thoughts if len(thoughts) > 1 else ():
        losing.lose("reasoning.joined", where, "cosmetic", "what a message thinks is one text in the target")
    last = max((number for number, (_, part) in enumerate(parts) if isinstance(part, Text)), default=-1)
    for where, part in parts[: last + 1]:
        if isinstance(part, Image | ToolCall):
            detail = "in the target, the words of a message come before what stands beside them"
            losing.lose("message.order", where, "degraded", detail)
            for text, _ in texts:
                losing.lose("message.order", text, "degraded", detail)
    words: list[Part] = [Text("\n".join(part.text for _, part in texts))] if texts else []
    pictures: list[Part] = [part for _, part in parts if isinstance(part, Image)]
    calls: list[Part] = [part for _, part in parts if isinstance(part, ToolCall)]
    return [*(part for _, part in thoughts), *words, *pictures, *calls]


def _part(part: Part, path: str, role: Role, losing: Losing) -> Part | None:
    """`part` as this API takes it; `None`: it is left out, and what it said is declared."""
    if not isinstance(part, Opaque):
        losing.fields(part.extensions, path)
    match part:
        case Text():
            return _text(part, path, losing)
        case Refusal(text):
            losing.lose("refusal", path, "degraded", "a refusal becomes text")
            return Text(text) if text else None
        case Reasoning() if role == "assistant":
            return _reasoning(part, path, losing)
        case ToolCall() if role == "assistant":
            call, lost = object_call(part)
            if lost is not None:
                losing.lose(lost[0], path, "degraded", lost[1])
            return call
        case Image():
            return _image(part, path, losing)
        case Document(source=source) if source.kind == "text":
            losing.lose("document.text", path, "cosmetic", "a text document becomes text")
            return Text(source.value) if source.value else None
        case Audio(transcript=str(words)) if words and role == "assistant":
            losing.lose("audio", path, "degraded", "speech becomes its transcript")
            return Text(words)
        case _:
            detail = f"the target takes none in a message of {role}"
            losing.lose(f"part.{kind_of(part)}", path, "meaning", detail)
            return None


def _text(part: Text, path: str, losing: Losing) -> Text | None:
    if part.citations:
        losing.lose("text.citations", path, "cosmetic", "citations of another maker do not go back")
    if not part.text.strip():
        return None  # it says nothing
    return Text(part.text)


def _reasoning(part: Reasoning, path: str, losing: Losing) -> Reasoning | None:
    if part.signature or part.encrypted:
        detail = "signed thinking is of use only to its maker"
        losing.lose("reasoning.signature", path, "degraded", detail)
    if not part.text:
        losing.lose("reasoning.blank", path, "cosmetic", "the target has no thinking without words")
        return None
    return Reasoning(part.text)


def _image(part: Image, path: str, losing: Losing) -> Image | None:
    if part.detail is not None:
        losing.lose("image.detail", path, "degraded", "the target chooses the resolution itself")
    if part.source.kind != "data":
        losing.lose(f"image.{part.source.kind}", path, "meaning", "the target takes only data")
        return None
    if kind_of_image(part.source.value) != part.source.media_type:
        losing.lose("image.media_type", path, "cosmetic", "the target reads off the bytes what kind it is")
    return Image(part.source)


def _result(result: ToolResult, path: str, losing: Losing) -> ToolResult:
    losing.fields(result.extensions, path)
    if result.is_error:
        detail = "a tool's failure is told by its text alone"
        losing.lose("tool_result.is_error", f"{path}.is_error", "degraded", detail)
    kept: list[tuple[str, Part]] = []
    for place, inner in enumerate(result.parts):
        where = f"{path}.content[{place}]"
        adapted = _part(inner, where, "tool", losing)
        if adapted is not None:
            kept.append((where, adapted))
    return ToolResult(result.call_id, tuple(_ordered(kept, losing)))
