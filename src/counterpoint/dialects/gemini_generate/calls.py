"""Which call a result answers. Here calls need no ids: a result is for the next call of its name without one."""

from collections import defaultdict, deque


class Calls:
    """The calls of a conversation, while it is read or written."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[str]] = defaultdict(deque)
        self._names: dict[str, str] = {}
        self._count = 0

    def call(self, name: str, call_id: str | None) -> str:
        """The id of a call, made where the model gave none."""
        made = call_id or f"call_{self._count}"
        self._count += 1
        self._waiting[name].append(made)
        self._names[made] = name
        return made

    def result(self, name: str, call_id: str | None) -> str:
        """The id of the call that a result is for."""
        waiting = self._waiting[name]
        if call_id:
            if call_id in waiting:
                waiting.remove(call_id)
            return call_id
        return waiting.popleft() if waiting else f"call_{name}"

    def name_of(self, call_id: str) -> str | None:
        """What the tool of a call is named; `None` for a call that was never made."""
        return self._names.get(call_id)
