"""The losses of one translation, gathered with paths that the caller knows."""

from counterpoint.canonical import ChatRequest, Extensions, Loss, Severity
from counterpoint.dialects.extensions import foreign_losses
from counterpoint.dialects.paths import locate


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
            self.losses.extend(foreign_losses(extensions, self._dialect, self._at(path)))

    def _at(self, path: str) -> str:
        return locate(self._source, self._request, path) if path else ""
