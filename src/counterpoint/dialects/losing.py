"""The losses of one translation, gathered with paths that the caller knows."""

from collections.abc import Callable
from typing import Any

from counterpoint.canonical import (
    ChatRequest,
    Extensions,
    Loss,
    Opaque,
    OutputFormat,
    Part,
    Severity,
    ToolCall,
)
from counterpoint.dialects.extensions import foreign_losses
from counterpoint.dialects.jsonio import compact
from counterpoint.dialects.paths import around, field_path, locate


class Losing:
    """What `request`, which came in `source`, loses on its way into `dialect`."""

    def __init__(self, request: ChatRequest, source: str, dialect: str) -> None:
        self._request = request
        self._source = source
        self._dialect = dialect
        self.losses: list[Loss] = []

    def lose(self, code: str, path: str, severity: Severity, detail: str) -> None:
        """`path` in canonical form."""
        self.losses.append(Loss(code, self._at(path), severity, detail))

    def fields(self, extensions: Extensions, path: str) -> None:
        """The fields of other dialects that what stands at `path` had."""
        if extensions:
            at = self._at(path)
            for loss in foreign_losses(extensions, self._dialect, ""):
                where = field_path(self._source, at, loss.path)
                self.losses.append(Loss(loss.code, where, loss.severity, loss.detail))

    def unplaced(self, part: Part, path: str, role: str) -> None:
        """`part` is left out: who has that `role` says no such thing in the target."""
        kind = (part.kind or "unknown") if isinstance(part, Opaque) else type(part).__name__.lower()
        self.lose(f"part.{kind}", path, "meaning", f"the target takes none in a message of {role}")

    def call(self, part: ToolCall, path: str, read: Callable[[str], tuple[Any, bool]]) -> ToolCall:
        """A call whose arguments must be an object. `read`: the object, and whether they were one."""
        if part.kind == "custom":
            self.lose("tool_call.custom", path, "degraded", "free-text input becomes an object")
            return ToolCall(
                part.id, part.name, compact({"input": part.arguments}), extensions=part.extensions
            )
        if not read(part.arguments)[1]:
            detail = "arguments that are not a JSON object are wrapped in one"
            self.lose("tool_call.arguments", path, "degraded", detail)
        return part

    def labels(self, output: OutputFormat) -> None:
        """What is said of a schema where the target takes the schema alone, and always obeys it."""
        self.fields(output.extensions, "output")
        for name in ("name", "description"):
            if getattr(output, name) is not None:
                self.lose(f"output.{name}", f"output.{name}", "cosmetic", "a schema has no such label here")
        if output.strict is False:
            self.lose("output.strict", "output.strict", "cosmetic", "the target always obeys a schema")

    def _at(self, path: str) -> str:
        if not path:
            return around(self._source, self._request)
        return locate(self._source, self._request, path)
