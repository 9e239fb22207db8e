"""Whether a translated answer obeys the schema that its caller asked for.

Not every host can be held to a schema, and some hold to a part of it. What the caller gets must then not pass for what
it asked for: an answer that does not obey is declared as a loss, which a policy may refuse. Only an answer that is done
is judged: one that was cut short says so itself.
"""

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    FinishEvent,
    Loss,
    PartDelta,
    PartStart,
    StreamEvent,
    Text,
    ToolCall,
)
from counterpoint.canonical.obeying import fault
from counterpoint.dialects.jsonio import NotJsonError, parse

LONGEST = 4 * 1024 * 1024
"""Letters of an answer that is judged."""


def disobedience(asked: ChatRequest | None, response: ChatResponse) -> tuple[Loss, ...]:
    """The loss that `response` does not obey, if it does not."""
    if asked is None or asked.output is None or asked.output.kind == "text" or not response.choices:
        return ()
    choice = response.choices[0]
    calls = any(isinstance(part, ToolCall) for part in choice.parts)
    if choice.finish is None or choice.finish.reason != "stop" or calls:
        return ()
    return judged(asked, "".join(part.text for part in choice.parts if isinstance(part, Text)))


def judged(asked: ChatRequest, text: str) -> tuple[Loss, ...]:
    """The same of an answer's words."""
    output = asked.output
    if output is None or not text.strip() or len(text) > LONGEST:
        return ()
    try:
        value = parse(text.encode())
    except NotJsonError:
        return (Loss("output.disobeyed", "", "meaning", "the answer is no JSON, though JSON was asked for"),)
    where = fault(output.schema, value) if output.kind == "json_schema" else None
    if where is None:
        return ()
    return (Loss("output.disobeyed", where, "meaning", "the answer does not obey the schema asked for"),)


class Listening:
    """Gathers the words of a stream's first choice, as long as there is a schema to judge them by."""

    __slots__ = ("_asked", "_size", "_texts", "_words")

    def __init__(self, asked: ChatRequest | None) -> None:
        wanted = asked is not None and asked.output is not None and asked.output.kind != "text"
        self._asked = asked if wanted else None
        self._texts: set[int] = set()
        self._words: list[str] = []
        self._size = 0

    @property
    def wanted(self) -> bool:
        """Whether there is anything to judge by."""
        return self._asked is not None

    def hear(self, event: StreamEvent) -> tuple[Loss, ...]:
        """One more event; at the end what it comes to."""
        match event:
            case PartStart(choice=0, part=part, value=Text(text)):
                self._texts.add(part)
                self._words.append(text)
            case PartStart(choice=0, value=ToolCall()):
                self._asked = None
            case PartDelta(choice=0, part=part, text=text, field="text") if part in self._texts:
                self._words.append(text)
                self._size += len(text)
                if self._size > LONGEST:
                    self._asked = None
            case FinishEvent(choice=0, finish=finish) if finish.reason == "stop" and self._asked is not None:
                return judged(self._asked, "".join(self._words))
        return ()
