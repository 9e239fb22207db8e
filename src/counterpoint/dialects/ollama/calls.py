"""Which call a result answers. Ids came late to this API: without them, a result is for the next call that waits, of
the tool it names if it names one."""


class Calls:
    """The calls of a conversation, while it is read or written. `stem`: what made ids begin with."""

    def __init__(self, stem: str = "call") -> None:
        self._stem = stem
        self._waiting: list[tuple[str, str]] = []
        self._names: dict[str, str] = {}
        self._count = 0

    def call(self, name: str, call_id: str | None) -> str:
        """The id of a call, made where there is none."""
        made = call_id or f"{self._stem}_{self._count}"
        self._count += 1
        self._waiting.append((made, name))
        self._names[made] = name
        return made

    def result(self, name: str | None, call_id: str | None) -> str:
        """The id of the call that a result is for."""
        for place, (waiting, called) in enumerate(self._waiting):
            if waiting == call_id or (call_id is None and name in {None, called}):
                del self._waiting[place]
                return waiting
        return call_id or f"{self._stem}_{name or self._count}"

    def name_of(self, call_id: str) -> str | None:
        """What the tool of a call is named; `None` for a call that was never made."""
        return self._names.get(call_id)
