"""What dialects have in common whose clients see one answer, not several side by side."""

from abc import ABC, abstractmethod
from collections.abc import Container

from counterpoint.canonical import (
    ChatResponse,
    Choice,
    ErrorEvent,
    Failure,
    FinishEvent,
    Loss,
    PartDelta,
    PartEnd,
    PartStart,
    StartEvent,
    StreamEvent,
    Usage,
    UsageEvent,
)
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.answering import IN_ANSWERS
from counterpoint.dialects.extensions import foreign_losses


def second_answer(index: int) -> Loss:
    """That an answer beside the first is not told."""
    return Loss("n", f"choices[{index}]", "meaning", "a client of the target sees one answer")


def inexact(reason: str) -> Loss:
    """That there is no word for why the answer ended."""
    return Loss("finish.reason", "choices[0].finish", "degraded", f"the target has no word for {reason}")


def first_answer(response: ChatResponse, dialect: str, wordless: Container[str]) -> tuple[Choice, list[Loss]]:
    """The answer that clients of `dialect` are told, and what it loses but for its parts. `wordless`: reasons to stop
    for which the dialect has no word of its own. Paths are canonical: the client never sees the upstream's own JSON."""
    losses = list(foreign_losses(response.extensions, dialect, "", IN_ANSWERS))
    losses += [second_answer(choice.index) for choice in response.choices[1:]]
    first = response.choices[0] if response.choices else Choice()
    losses.extend(foreign_losses(first.extensions, dialect, "choices[0]", IN_ANSWERS))
    if first.logprobs is not None:
        losses.append(Loss("logprobs", "choices[0].logprobs", "meaning", "the target has no probabilities"))
    if first.finish is not None and first.finish.reason in wordless:
        losses.append(inexact(first.finish.reason))
    return first, losses


class OneAnswerEncoder(ABC):
    """One stream. Usage and the reason to stop are kept until its end; a dialect says the rest as it comes."""

    def __init__(self) -> None:
        self._ended = False
        self._usage: Usage = UNREPORTED
        self._finish: FinishEvent | None = None
        self._losses: dict[tuple[str, str], Loss] = {}

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What could not be said so far, each thing once; paths are canonical."""
        return tuple(self._losses.values())

    def _lose(self, *losses: Loss) -> None:
        for loss in losses:
            self._losses.setdefault((loss.code, loss.path), loss)

    def encode(self, event: StreamEvent) -> bytes:
        """Bytes for one event."""
        if self._ended:
            return b""
        match event:
            case PartDelta(choice=0):
                return self._grow(event)
            case PartStart(choice=0):
                return self._begin() + self._open(event)
            case PartEnd(choice=0):
                return self._end_part(event.part)
            case StartEvent():
                return self._start(event)
            case UsageEvent(usage):
                self._usage = usage
            case FinishEvent(choice=0):
                self._finish = event
            case ErrorEvent(failure):
                return self._fail(failure)
            case PartStart(choice):
                self._lose(second_answer(choice))
        return b""

    @abstractmethod
    def _begin(self) -> bytes:
        """What stands before the first part, if it has not been said."""

    @abstractmethod
    def _start(self, event: StartEvent) -> bytes:
        """What the answer says of itself."""

    @abstractmethod
    def _open(self, event: PartStart) -> bytes:
        """A new part."""

    @abstractmethod
    def _grow(self, event: PartDelta) -> bytes:
        """More of a part."""

    @abstractmethod
    def _end_part(self, part: int) -> bytes:
        """Nothing more comes of a part."""

    @abstractmethod
    def _fail(self, failure: Failure) -> bytes:
        """The stream breaks off."""
