"""One step of a cascade: its answer is gathered, checked, and accepted or not, which may take more samples of it or a
judge's word. Pure, as the exchange is whose tries these are.
"""

from itertools import cycle

from counterpoint.canonical import ChatRequest, ChatResponse
from counterpoint.directory.routes import Check
from counterpoint.gateway.gathered import Gathered
from counterpoint.gateway.names import Candidate
from counterpoint.gateway.routing.checks import accept, asking
from counterpoint.gateway.routing.plan import Step
from counterpoint.gateway.routing.verdicts import Accepted, AskJudge, Escalated, MoreSamples
from counterpoint.gateway.tries import Role, Try

Wish = tuple[Role, Candidate, ChatRequest]
"""A call that the check needs: for what, of whom, and what is asked."""


class Trial:
    """Of the answer of `try_` to `request`."""

    def __init__(self, try_: Try, request: ChatRequest) -> None:
        assert try_.step.check is not None  # noqa: S101 - asked by who calls
        self.try_ = try_
        self._check: Check = try_.step.check
        self._request = request
        self._answers: list[ChatResponse] = [_said(try_)]
        self._judgement: ChatResponse | None = None
        self._judges = list(try_.step.judges)
        self._turns = cycle(try_.step.judges)
        self._question: ChatRequest | None = None
        self._waiting = 0

    @property
    def first(self) -> ChatResponse:
        """What there is to be judged."""
        return self._answers[0]

    def verdict(self) -> list[Wish] | ChatResponse | Escalated:
        """What is needed next; or the answer that is accepted; or why none is."""
        match accept(self._check, self._request, self._answers, self._judgement):
            case Accepted(index):
                return self._answers[index]
            case MoreSamples(count, request, of_judges):
                whom = self.try_.step.judges if of_judges else (self.try_.candidate,)
                if not whom:
                    return Escalated("gateway.check.unreadable")
                self._waiting = count
                return [
                    ("sample", next(self._turns) if of_judges else whom[0], request) for _ in range(count)
                ]
            case AskJudge(request):
                self._question = request
                return self._ask() or Escalated("gateway.check.unreadable")
            case Escalated() as verdict:
                return verdict

    def _ask(self) -> list[Wish]:
        if not self._judges or self._question is None:
            return []
        self._waiting = 1
        return [("judge", self._judges.pop(0), self._question)]

    def heard(self, try_: Try) -> list[Wish] | ChatResponse | Escalated:
        """A sample or a judge has answered, or failed; an empty list: others have still to."""
        self._waiting -= 1
        if try_.role == "judge":
            if try_.failure is not None:
                return self._ask() or Escalated("gateway.check.unreadable")
            self._judgement = _said(try_)
            return self.verdict()
        self._answers.append(ChatResponse() if try_.failure is not None else _said(try_))
        return [] if self._waiting else self.verdict()


def _said(try_: Try) -> ChatResponse:
    return try_.answer.response if isinstance(try_.answer, Gathered) else ChatResponse()


def asked_by(step: Step, request: ChatRequest) -> ChatRequest:
    """How a step is asked, so that its answer can be checked."""
    return asking(step.check, request)
