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
    system: dict[str, str] = {}
    for index, message in enumerate(request.messages):
        path = f"messages[{index}]"
        losing.fields(message.extensions, path)
        if message.name is not None:
            losing.lose("message.name", f"{path}.name", "degraded", "a prompt names nobody")
        if message.role == "developer":
            losing.lose("message.role", f"{path}.role", "cosmetic", "developers speak as the system")
        words = "\n".join(_words(message, path, losing, pictures if images else None))
        if apart and message.role in {"system", "developer"} and not said:
            system[path] = words
        elif words or message.role != "assistant":
            said.append((_SPEAKERS.get(message.role, "User"), words))
    before = "\n\n".join(system.values())
    for path in system if len(system) > 1 else ():
        losing.lose("text.joined", path, "cosmetic", "what the system says becomes one text")
    if len(said) == 1 and said[0][0] == "User":
        return Transcript(said[0][1], before, tuple(pictures))
    if said:
        for index in range(len(request.messages)):
            losing.lose("messages.transcript", f"messages[{index}]", "degraded", "turns become one prompt")
    turns = [f"{speaker}: {words}" for speaker, words in said]
    prompt = "\n\n".join([*turns, "Assistant:"]) if turns else ""
    return Transcript(prompt, before, tuple(pictures))


def _words(message: Message, path: str, losing: Losing, pictures: list[Image] | None) -> list[str]:
    said: list[tuple[str, str]] = []
    shown: list[str] = []
    for place, part in enumerate(message.parts):
        where = f"{path}.parts[{place}]"
        extensions = getattr(part, "extensions", None)
        if extensions:
            losing.fields(extensions, where)
        if isinstance(part, Image) and pictures is not None and part.source.kind == "data":
            pictures.append(part)
            shown.append(where)
            losing.lose(
                "image.media_type", where, "cosmetic", "the target reads off the bytes what kind it is"
            )
            continue
        words = _said(part, where, losing)
        if words:
            said.append((where, words))
            for picture in shown:
                losing.lose("message.order", picture, "degraded", "pictures stand beside the prompt")
    if len(said) > 1:
        for where, _ in said:
            losing.lose("text.joined", where, "cosmetic", "texts become one")
    return [words for _, words in said]


def _said(part: Part, where: str, losing: Losing) -> str:
    """What a part says in words; what it says otherwise is declared."""
    match part:
        case Text(text):
            _declare_citations(part, where, losing)
            return text if text.strip() else ""
        case Refusal(text):
            losing.lose("refusal", where, "degraded", "a refusal becomes text")
            return text
        case Document(source=source) if source.kind == "text":
            losing.lose("document.text", where, "cosmetic", "a text document becomes text")
            return source.value
        case _:
            losing.lose(f"part.{kind_of(part)}", where, "meaning", "a prompt holds text only")
            return ""


def _declare_citations(part: Text, where: str, losing: Losing) -> None:
    if part.citations:
        losing.lose("text.citations", where, "cosmetic", "citations of another maker do not go back")


def kind_of(part: Part) -> str:
    """What a part is called in a loss."""
    return part.kind or "unknown" if isinstance(part, Opaque) else str(part.__struct_config__.tag)
