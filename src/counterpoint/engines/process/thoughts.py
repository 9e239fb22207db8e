"""Tell thinking from answer where the runtime does not: it knows the templates of well-known models only.

A template that opens a thought leaves the model within it; what it writes up to `</think>` is thinking.
"""

from typing import Final

from counterpoint.engines.process.stops import held_back

CLOSE: Final = "</think>"


class ThoughtReader:
    """Takes the thinking off the front of a text that comes in any cut."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = True
        self._fresh = True

    def feed(self, text: str) -> tuple[str, str]:
        """The thinking, and the answer, that are now certain."""
        if not self._thinking:
            return "", self._answer(text)
        before, close, after = (self._held + text).partition(CLOSE)
        if close:
            self._held = ""
            self._thinking = False
            return before, self._answer(after)
        cut = len(before) - held_back(before, (CLOSE,))
        self._held = before[cut:]
        return before[:cut], ""

    def close(self) -> str:
        """Thinking that was held back when the text ended."""
        rest, self._held = self._held, ""
        return rest

    def _answer(self, text: str) -> str:
        # The white space between the thought and the answer belongs to neither.
        if self._fresh:
            text = text.lstrip()
            self._fresh = not text
        return text
