"""The losses of one translation, gathered with paths that the caller knows."""

from counterpoint.canonical import ChatRequest, Extensions, Loss, Severity
from counterpoint.dialects.extensions import foreign_losses
from counterpoint.dialects.paths import field_path, locate


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

    def _at(self, path: str) -> str:
        return locate(self._source, self._request, path) if path else ""
