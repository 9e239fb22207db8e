"""What a cascade's check finds of an answer: enough, not enough, or that it must know more first."""

import msgspec

from counterpoint.canonical import ChatRequest


class Accepted(msgspec.Struct, frozen=True):
    """One of the answers is given to the caller: `answer` is its place among them. `figure`: what was measured."""

    answer: int = 0
    figure: float | None = None


class Escalated(msgspec.Struct, frozen=True):
    """The next step is taken. `reason` is an i18n id with its `values`. `figure`: what was measured, if anything."""

    reason: str
    values: dict[str, str] = {}
    figure: float | None = None


class MoreSamples(msgspec.Struct, frozen=True):
    """`count` more answers are needed, of the same candidate or, if `of_judges`, of the step's judges, each in its
    turn; all of them may be asked for at once, by `request`."""

    count: int
    request: ChatRequest
    of_judges: bool = False


class AskJudge(msgspec.Struct, frozen=True):
    """The judge must be asked `request`; its model is to be filled in."""

    request: ChatRequest


Verdict = Accepted | Escalated | MoreSamples | AskJudge
