"""What answers lose on their way to a client of another dialect, where that is the same for every dialect."""

from collections.abc import Callable, Mapping
from typing import Any

from counterpoint.canonical import Loss, Severity, ToolCall
from counterpoint.dialects.jsonio import compact


class _Severities(dict[str, Severity]):
    """What an answer's own extra fields are worth to a client of another dialect: as a rule, little."""

    def get(self, key: str, default: Severity = "cosmetic") -> Severity:  # type: ignore[override]
        return super().get(key, "cosmetic")


IN_ANSWERS: Mapping[str, Severity] = _Severities(
    refusal="meaning",
    annotations="degraded",
    functionCall="meaning",  # pieces of arguments, which only a caller of that dialect can have asked for
)


def adapted_call(
    part: ToolCall, path: str, losses: list[Loss], read: Callable[[str], tuple[Any, bool]]
) -> ToolCall:
    """A call whose arguments must be an object. `read`: the object, and whether they were one."""
    if part.kind == "custom":
        losses.append(Loss("tool_call.custom", path, "degraded", "free-text input becomes an object"))
        return ToolCall(part.id, part.name, compact({"input": part.arguments}))
    if not read(part.arguments)[1]:
        detail = "arguments that are not a JSON object are wrapped in one"
        losses.append(Loss("tool_call.arguments", path, "degraded", detail))
    return part
