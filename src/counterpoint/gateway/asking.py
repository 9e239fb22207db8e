"""What a call's body says of how much is wanted: sizes, where its dialect has them, and signs, whatever its dialect, of
what costs more than the body's own text or does not stand in it. Read once for a call, whatever offerings it may go to.
Pure.

Signs are names of fields and short values; text is not searched for them: that a user writes of pictures and addresses
costs nothing. Whatever cannot be read as JSON is searched as it is.
"""

import math
from typing import Any

import msgspec

from counterpoint.dialects.sizes import SIZES, UNSAID, Place, Sizes

MOST_PICTURES = 10
"""Of one call (OpenAI, "Create image")."""

_decode = msgspec.json.Decoder().decode

_TEXT = frozenset(
    {
        "arguments",
        "content",
        "description",
        "input",
        "instructions",
        "prompt",
        "role",
        "signature",
        "system",
        "text",
        "thinking",
    }
)
"""Fields whose strings are for the model to read."""
_OPAQUE = frozenset(
    {"args", "arguments", "parameters", "input_schema", "inputSchema", "json_schema", "schema", "properties"}
)
"""Fields whose objects are somebody's data or descriptions of it, read as text."""
_PLAIN = _TEXT | frozenset(
    {
        "max_tokens",
        "max_completion_tokens",
        "messages",
        "model",
        "n",
        "stream",
        "stream_options",
        "temperature",
        "tools",
        "top_p",
        "type",
    }
)
"""Names that are no sign of anything."""
_WORD = 200
"""Letters of a value in which a sign must begin."""
ADDED = 128
"""Tokens that a host may add to a call: its template, and what stands in it in any case (49 in recorded answers)."""
INSTRUCTIONS = 1_024
"""The same where it tells the model how to call tools, to answer in a form or to quote from documents (533)."""
_INSTRUCTING = frozenset({"tools", "toolConfig", "functions"})
TOOL = 2_048
"""Of a tool that hosts describe themselves and clients carry out."""
_CARRIED_OUT_HERE = ("bash", "text_editor", "computer", "memory", "local_shell", "apply_patch")
_DESCRIBED_HERE = frozenset(
    {
        "cachePoint",
        "function",
        "functionDeclarations",
        "function_declarations",
        "input_schema",
        "name",
        "toolSpec",
    }
)
"""Fields of tools that the caller describes."""
_ELSEWHERE = (
    "://",
    "\napplication/pdf",
    "\ncachedContent\n",
    "\ncached_content\n",
    "\nconversation\n",
    "\ndoc\n",
    "\ndocx\n",
    "\nfile",
    "\npdf\n",
    "\nurlContext\n",
    "\nurl_context\n",
    "\nweb_fetch_2",
    "\nxls\n",
    "\nxlsx\n",
)
"""Signs of what is not in the body, or is packed in it: a page of a document may be few bytes and many tokens."""
_SEARCHING = ("web_search", "google_search", "googleSearch", "enterpriseWebSearch")


class Asking(msgspec.Struct, frozen=True, gc=False):
    """What a body says of how much is wanted. `output`: tokens of each answer, `None` if it does not say. `bytes`: of
    all that the model will read. `images`: pictures in it at most. `elsewhere`: it may refer to what is not in it, or
    let its host go on by itself. `added`: tokens that its host may add."""

    operation: str = "chat"
    output: int | None = None
    choices: int = 1
    bytes: int = 0
    images: int = 0
    elsewhere: bool = False
    searching: bool = False
    sound: bool = False
    cached: bool = False
    documents: int = 0
    added: int = 0


def asking(operation: str, dialect: str, body: bytes) -> Asking:
    """Of a body of that operation, in the dialect of that name."""
    try:
        fields = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        fields = None
    own: int | None = 0
    if isinstance(fields, dict):
        own = _own_tools(fields)
        sizes = SIZES.get(dialect, UNSAID)
        output, choices = _output(fields, sizes.output), _choices(fields, sizes)
        signs, images = _signs(fields)
    else:  # a form that asks for pictures, say
        output, choices = None, MOST_PICTURES if operation == "image" else 1
        signs = "\n" + body.decode("latin-1").replace('"', "\n")
        images = signs.count("\nimage") + signs.count("data:image")
    return Asking(
        operation,
        output,
        choices,
        len(body),
        images,
        own is None or any(sign in signs for sign in _ELSEWHERE),
        "earch" in signs and any(word in signs for word in _SEARCHING),
        "audio" in signs or "video" in signs,
        "cache" in signs,
        body.count(b",") + 1 if operation == "rerank" else 0,
        _added(fields, signs) + TOOL * (own or 0) if operation == "chat" else 0,
    )


def _added(fields: Any, signs: str) -> int:
    instructed = isinstance(fields, dict) and not _INSTRUCTING.isdisjoint(fields)
    return INSTRUCTIONS if instructed or "chema" in signs or "ocument" in signs else ADDED


def _own_tools(fields: dict[str, Any]) -> int | None:
    """How many tools there are in a body that its host describes and the client carries out; `None`: there is one that
    the host carries out, too, in turns of which each reads all that was before it."""
    tools, config = fields.get("tools"), fields.get("toolConfig")
    if tools is None and isinstance(config, dict):
        tools = config.get("tools")
    count = 0
    for tool in tools if isinstance(tools, list) else ():
        if not isinstance(tool, dict):
            continue
        kind = tool.get("type")
        described = not _DESCRIBED_HERE.isdisjoint(tool) and "codeExecution" not in tool
        if kind in ("function", "custom") or (kind is None and described):
            continue
        if not isinstance(kind, str) or not kind.startswith(_CARRIED_OUT_HERE):
            return None
        count += 1
    return count


def output_allowed(dialect: str, body: bytes) -> int | None:
    """The most that a body lets each answer have, `None` if it does not say. Raises `ValueError` where it cannot be
    read, or the number in it cannot."""
    try:
        fields = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("the body is no JSON") from error
    if not isinstance(fields, dict):
        return None
    places = SIZES.get(dialect, UNSAID).output
    output = _output(fields, places)
    if output is None and any(_number(found) is None for found in _found(fields, places)):
        raise ValueError("the body's number of tokens is none")
    return output


def _signs(fields: dict[str, Any]) -> tuple[str, int]:
    """Its words, each on a line, and pictures at most. Every dialect marks each picture in one way: by the name of a
    field, a type, a media type, or an address that is the picture."""
    words = [""]
    named = typed = media = inline = 0
    pending: list[tuple[str, Any]] = [*fields.items()]
    for name, value in pending:  # which grows meanwhile
        kind = value.__class__
        if name and name not in _PLAIN:
            words.append(name)
            if name.startswith("image"):
                named += len(value) if kind is list else 1
        if kind is str:
            if name not in _TEXT:
                words.append(value[:_WORD])
                if value.startswith(("image", "input_image", "data:image")):
                    if value.startswith("data:"):
                        inline += 1
                    elif "/" in value[:_WORD]:
                        media += 1
                    else:
                        typed += 1
        elif kind is dict:
            if name not in _OPAQUE:
                pending += value.items()
        elif kind is list:
            of = name if name in _TEXT else ""
            pending += [(of, item) for item in value if item.__class__ in _DEEP]
    words.append("")
    return "\n".join(words), max(named, typed, media, inline)


_DEEP = (str, dict, list)


def _output(fields: dict[str, Any], places: tuple[Place, ...]) -> int | None:
    """A word for it that cannot be read is none that can be relied upon."""
    said = None
    for found in _found(fields, places):
        number = _number(found)
        if number is None:
            return None
        if number >= 0:
            said = number if said is None else max(said, number)
    return said


def _choices(fields: dict[str, Any], sizes: Sizes) -> int:
    found = _found(fields, sizes.choices)
    each = max(1, max((_number(value) or 1 for value in found), default=1))
    prompts = fields.get(sizes.prompts) if sizes.prompts else None
    if (
        isinstance(prompts, list) and prompts and isinstance(prompts[0], str | list)
    ):  # numbers are one, in tokens
        return each * len(prompts)
    return each


def _found(fields: dict[str, Any], places: tuple[Place, ...]) -> list[Any]:
    found = []
    for name, inner in places:
        value = fields.get(name)
        if inner:
            value = value.get(inner) if isinstance(value, dict) else None
        if value is not None:
            found.append(value)
    return found


def _number(value: Any) -> int | None:
    """Hosts that are lenient take text and fractions for numbers, too."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < _LONGEST_NUMBER else None
    if isinstance(value, float):
        return math.ceil(value) if math.isfinite(value) else None
    return value if isinstance(value, int) else None


_LONGEST_NUMBER = 20
