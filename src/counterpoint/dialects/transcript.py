"""A conversation as one prompt, for dialects that know none.

One question stands for itself. Anything longer is written down turn by turn, as base models have read a thousand times,
and ends where the assistant is to speak.
"""

import msgspec

from counterpoint.canonical import ChatRequest, Document, Image, Message, Opaque, Part, Refusal, Text
from counterpoint.dialects.losing import Losing

_SPEAKERS = {"system": "System", "developer": "System", "assistant": "Assistant"}
"""Everybody else is the user."""


class Transcript(msgspec.Struct, frozen=True):
    """`system`: what the system says, where it is wanted apart. `images`: pictures that were shown."""

    prompt: str
    system: str = ""
    images: tuple[Image, ...] = ()


def transcript(
    request: ChatRequest, losing: Losing, *, apart: bool = False, images: bool = False
) -> Transcript:
    """The prompt that `request` becomes. `apart`: what the system says first does not go into it. `images`: whether
    the target sees pictures."""
    said: list[tuple[str, str]] = []
    pictures: list[Image] = []
    system: list[str] = []
    for index, message in enumerate(request.messages):
        path = f"messages[{index}]"
        losing.fields(message.extensions, path)
        if message.name is not None:
            losing.lose("message.name", f"{path}.name", "degraded", "a prompt names nobody")
        words = "\n".join(_words(message, path, losing, pictures if images else None))
        if apart and message.role in {"system", "developer"} and not said:
            system.append(words)
        elif words or message.role != "assistant":
            said.append((_SPEAKERS.get(message.role, "User"), words))
    if len(said) == 1 and said[0][0] == "User":
        return Transcript(said[0][1], "\n\n".join(system), tuple(pictures))
    if said:
        for index in range(len(request.messages)):
            losing.lose("messages.transcript", f"messages[{index}]", "degraded", "turns become one prompt")
    turns = [f"{speaker}: {words}" for speaker, words in said]
    prompt = "\n\n".join([*turns, "Assistant:"]) if turns else ""
    return Transcript(prompt, "\n\n".join(system), tuple(pictures))


def _words(message: Message, path: str, losing: Losing, pictures: list[Image] | None) -> list[str]:
    words: list[str] = []
    for place, part in enumerate(message.parts):
        where = f"{path}.parts[{place}]"
        extensions = getattr(part, "extensions", None)
        if extensions:
            losing.fields(extensions, where)
        match part:
            case Text(text) if text:
                if words:
                    losing.lose("text.joined", where, "cosmetic", "texts become one")
                words.append(text)
                _declare_citations(part, where, losing)
            case Text():
                pass
            case Refusal(text):
                losing.lose("refusal", where, "degraded", "a refusal becomes text")
                words.append(text)
            case Image(source=source) if pictures is not None and source.kind == "data":
                pictures.append(part)
            case Document(source=source) if source.kind == "text":
                losing.lose("document.text", where, "cosmetic", "a text document becomes text")
                words.append(source.value)
            case _:
                losing.lose(f"part.{kind_of(part)}", where, "meaning", "a prompt holds text only")
    return words


def _declare_citations(part: Text, where: str, losing: Losing) -> None:
    if part.citations:
        losing.lose("text.citations", where, "cosmetic", "citations of another maker do not go back")


def kind_of(part: Part) -> str:
    """What a part is called in a loss."""
    return part.kind or "unknown" if isinstance(part, Opaque) else str(part.__struct_config__.tag)
