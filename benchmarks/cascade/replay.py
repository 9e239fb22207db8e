"""One call after the other through the product's own plan and checks; only the answers are recorded ones."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.cascade.answers import Answer, Item
from counterpoint.canonical import ChatRequest, ChatResponse, Choice, Failure, Finish, Message, Text, Usage
from counterpoint.catalog.prices import cost_of
from counterpoint.directory import Directory, Host, Key, Offering
from counterpoint.directory.routes import Check, Project, Route, Target
from counterpoint.gateway.estimate import estimate_tokens
from counterpoint.gateway.names import Names
from counterpoint.gateway.routing.checks import accept, asking
from counterpoint.gateway.routing.facts import Given
from counterpoint.gateway.routing.plan import NOTHING_KNOWN, Chance, Facts, Plan, Step
from counterpoint.gateway.routing.planning import Case, plan
from counterpoint.gateway.routing.verdicts import Accepted, AskJudge, Escalated, MoreSamples

_KEY = Key("key", "replay", "project", "organisation")
_DIALECT = "openai-chat"


@dataclass(frozen=True)
class Outcome:
    """What a call came to: how good, what it cost in dollars, whether `large` was asked, how many answers it took."""

    quality: float
    cost: float
    large: bool
    answers: int


class Replay:
    """A directory of offerings and routes, and who answers from the records."""

    def __init__(self, offerings: Sequence[Offering], routes: Sequence[Route], large: str) -> None:
        hosts = {
            item.host: Host(item.host, f"https://{item.host}.example", {_DIALECT: "/v1/chat/completions"})
            for item in offerings
        }
        self._names = Names(
            Directory(
                revision=1,
                hosts=hosts,
                offerings=tuple(offerings),
                routes=tuple(routes),
                projects={"project": Project("project", "project")},
            )
        )
        self._prices = {item.name: item.price for item in offerings}
        self._large = large

    def run(self, route: str, items: Sequence[Item], seed: int = 0) -> list[Outcome]:
        """Each item as a call of that route."""
        chance = random.Random(seed).random
        return [self._call(route, item, chance) for item in items]

    def _call(self, route: str, item: Item, chance: Chance) -> Outcome:
        facts = Facts(tokens=estimate_tokens(item.request))
        made = plan(self._names, Case(route, "chat", (_DIALECT,), _KEY, Given(facts)), NOTHING_KNOWN, chance)
        assert not isinstance(made, Failure), made.message
        return self._carried_out(made, item)

    def _carried_out(self, made: Plan, item: Item) -> Outcome:
        cost, asked, count, stage = 0.0, False, 0, -1
        for step in made.steps:
            if step.stage <= stage:
                continue  # the answer of its stage was not accepted
            stage = step.stage
            found = self._step(step, item)
            cost, count = cost + found.cost, count + found.answers
            asked = asked or step.candidate.name == self._large
            if found.accepted is not None:
                return Outcome(found.accepted.quality, cost, asked, count)
        raise AssertionError("the last step of a cascade has no check")

    def _step(self, step: Step, item: Item) -> "_Stepped":
        recorded = list(item.answers[step.candidate.name])
        if step.check is not None and step.check.kind == "agreement" and step.judges:
            recorded = [recorded[0], *(item.answers[judge.name][0] for judge in step.judges)]
        taken, cost = 1, self._cost(item.request, recorded[0])
        if step.check is None:
            return _Stepped(recorded[0], cost, 1)
        request, judgement = asking(step.check, item.request), None
        while True:
            answers = [each.response() for each in recorded[:taken]]
            match accept(step.check, request, answers, judgement):
                case Accepted(answer=answer):
                    return _Stepped(recorded[answer], cost, taken)
                case Escalated():
                    return _Stepped(None, cost, taken)
                case MoreSamples(count=count):
                    more = recorded[taken : taken + count]
                    assert len(more) == count, "the records have no more samples"
                    cost += sum(self._cost(item.request, each) for each in more)
                    taken += count
                case AskJudge():
                    judgement, extra = self._judgement(item, step.candidate.name)
                    cost += extra

    def _judgement(self, item: Item, offering: str) -> tuple[ChatResponse, float]:
        """The recorded judge's grade, in the words that the product's judges are to use."""
        judged = item.judged[offering]
        said = Choice(parts=(Text(f'{{"score": {judged.score:g}}}'),), finish=Finish("stop"))
        question = ChatRequest(model="", messages=(Message("user", (Text(judged.question),)),))
        return ChatResponse(choices=(said,)), self._cost(question, Answer(judged.offering, judged.words, 0))

    def _cost(self, request: ChatRequest, answer: Answer) -> float:
        """By the catalogue's price, tokens estimated from the text as the gateway estimates them."""
        said = ChatRequest(model="", messages=(Message("assistant", (Text(answer.text),)),))
        usage = Usage(input=estimate_tokens(request), output=estimate_tokens(said))
        cost = cost_of(usage, self._prices[answer.offering])
        assert cost is not None, answer.offering
        return float(cost)


@dataclass(frozen=True)
class _Stepped:
    """`accepted`: the answer that counts, if one does."""

    accepted: Answer | None
    cost: float
    answers: int


def checked(name: str, small: str, large: str, check: Check) -> Route:
    """The cascade from a small model to a large one."""
    return Route(name, "cascade", (Target(small, check=check), Target(large)))


def panel(name: str, members: Sequence[str]) -> Route:
    """Other models whose opinions are asked."""
    return Route(name, "priority", tuple(map(Target, members)))
