"""Find stop sequences in a growing text, and say which one was met.

The native server can do the stopping but not tell the stop sequence from the model's own end, and callers of
some dialects must be told. Text that might be the beginning of a stop sequence is held back until it is known.
"""


def held_back(text: str, sequences: tuple[str, ...]) -> int:
    """How many characters at the end of `text` may begin one of `sequences`."""
    longest = 0
    for sequence in sequences:
        for size in range(min(len(sequence) - 1, len(text)), longest, -1):
            if text.endswith(sequence[:size]):
                longest = size
                break
    return longest


class StopFinder:
    """Feed text in any cut; what comes back is the text before the first stop sequence."""

    def __init__(self, sequences: tuple[str, ...]) -> None:
        self._sequences = tuple(sequence for sequence in sequences if sequence)
        self._held = ""
        self.met: str | None = None

    def feed(self, text: str) -> str:
        """The text that is now known to stand before any stop sequence; sets `met` when one is complete."""
        if self.met is not None:
            return ""
        if not self._sequences:
            return text
        text = self._held + text
        # Of sequences that end at the same character the earlier beginning wins, as if read one by one.
        found = [(text.find(one) + len(one), text.find(one), one) for one in self._sequences if one in text]
        if found:
            _, start, self.met = min(found)
            self._held = ""
            return text[:start]
        cut = len(text) - held_back(text, self._sequences)
        self._held = text[cut:]
        return text[:cut]

    def close(self) -> str:
        """What was held back when the text ended without a stop sequence."""
        rest, self._held = self._held, ""
        return rest
