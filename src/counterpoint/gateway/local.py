"""What a local model cannot take of a request, and how long the request asks it to stay.

Our engines take canonical values, so what is lost is what the hub has no word for, what only a maker's own host can
run, and settings that mean nothing on one's own machine.
"""

import math

from counterpoint.canonical import (
    ChatRequest,
    EmbedRequest,
    Failure,
    FailureKind,
    Loss,
    Opaque,
    OpaqueTool,
    Refused,
    Severity,
    ToolResult,
)
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.paths import locate
from counterpoint.i18n import say

LOCAL = "local"
"""The dialect name of our own engines."""

KEEP_ALIVE = "keep_alive"
_MEANINGLESS: tuple[tuple[str, Severity], ...] = (
    ("service_tier", "cosmetic"),
    ("user", "cosmetic"),
    ("metadata", "cosmetic"),
)


def local_losses(request: ChatRequest, source: str) -> tuple[Loss, ...]:
    """Every loss, with paths in the JSON of `source`."""
    losing = Losing(request, source, LOCAL)
    losing.fields(request.extensions, "")
    for name, severity in _MEANINGLESS:
        if getattr(request, name) is not None:
            losing.lose(f"local.{name}", name, severity, "it means nothing on one's own machine")
    for index, message in enumerate(request.messages):
        losing.fields(message.extensions, f"messages[{index}]")
        for number, part in enumerate(message.parts):
            path = f"messages[{index}].parts[{number}]"
            if isinstance(part, Opaque):
                losing.lose(
                    "part.foreign", path, "meaning", f"a part that only {part.dialect} has a word for"
                )
                continue
            losing.fields(part.extensions, path)
            for inner, piece in enumerate(part.parts if isinstance(part, ToolResult) else ()):
                if not isinstance(piece, Opaque):
                    losing.fields(piece.extensions, f"{path}.parts[{inner}]")
    for index, tool in enumerate(request.tools):
        if isinstance(tool, OpaqueTool):
            losing.lose(
                "tool.foreign", f"tools[{index}]", "meaning", f"a tool that its host runs ({tool.kind})"
            )
        else:
            losing.fields(tool.extensions, f"tools[{index}]")
    return tuple(loss for loss in losing.losses if loss.path != KEEP_ALIVE)


_RANGES: tuple[tuple[str, float, float], ...] = (
    ("temperature", 0, 2),
    ("top_p", 0, 1),
    ("frequency_penalty", -2, 2),
    ("presence_penalty", -2, 2),
    ("n", 1, 128),
    ("top_logprobs", 0, 20),
)
"""What the dialects' own makers allow. A host judges its requests itself; for a local model nobody else does."""


def refuse_nonsense(request: ChatRequest | EmbedRequest, source: str) -> None:
    """Raises `Refused` for values that no model can do anything with, with the path in the JSON of `source`."""
    if isinstance(request, EmbedRequest):
        empty = next((index for index, item in enumerate(request.input) if not item), None)
        if not request.input or empty is not None:
            raise _invalid("gateway.empty", "input" if empty is None else f"input[{empty}]")
        return
    if not request.messages:
        raise _invalid("gateway.empty", locate(source, request, "messages"))
    for name, least, most in _RANGES:
        value = getattr(request, name)
        if value is not None and not least <= value <= most:
            path = locate(source, request, name)
            raise _invalid("gateway.out_of_range", path, value=value, least=least, most=most)


def _invalid(sentence: str, path: str, **values: float) -> Refused:
    message = say(sentence, lang="en", path=path, **values)
    return Refused(Failure(kind=FailureKind.bad_request, message=message, code="invalid_value", param=path))


_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def keep_alive(request: ChatRequest | EmbedRequest) -> float | None:
    """Seconds that a local model should stay loaded afterwards: the field that Ollama's API made known, a number of
    seconds or text like `5m`; negative means for ever. `None`: not asked for. Raises `Refused`."""
    for fields in request.extensions.values():
        value = fields.get(KEEP_ALIVE)
        if value is not None:
            return _seconds(value)
    return None


def _seconds(value: object) -> float:
    number: object = value
    factor = 1.0
    if isinstance(value, str):
        unit = next((unit for unit in _UNITS if value.endswith(unit)), "")
        factor = _UNITS.get(unit, 1.0)
        try:
            number = float(value.removesuffix(unit))
        except ValueError:
            number = None
    if isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number):
        return number * factor
    raise Refused(
        Failure(
            kind=FailureKind.bad_request,
            message=say("gateway.keep_alive", lang="en", value=str(value)[:40]),
            code="invalid_keep_alive",
            param=KEEP_ALIVE,
        )
    )
