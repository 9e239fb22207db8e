"""When the answer of a cascade's step is good enough."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    Choice,
    Finish,
    FinishReason,
    Message,
    OutputFormat,
    Refusal,
    Text,
    Tool,
    ToolCall,
)
from counterpoint.directory.routes import Check, CheckKind
from counterpoint.gateway.routing.checks import MOST_SAMPLES, accept, answering, asking, confidence
from counterpoint.gateway.routing.verdicts import Accepted, AskJudge, Escalated, MoreSamples, Verdict

REQUEST = ChatRequest(model="m", messages=(Message("user", (Text("How many?"),)),))
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
KINDS: list[CheckKind] = ["schema", "confidence", "agreement", "judge"]


def answer(text: str, *, reason: FinishReason = "stop", chances: list[float] | None = None) -> ChatResponse:
    told = {"content": [{"token": "t", "logprob": math.log(each)} for each in chances]} if chances else None
    return ChatResponse(choices=(Choice(parts=(Text(text),), finish=Finish(reason), logprobs=told),))


def in_schema(schema: Any) -> ChatRequest:
    return ChatRequest(model="m", output=OutputFormat("json_schema", schema=schema))


def reason(verdict: Verdict) -> str:
    assert isinstance(verdict, Escalated)
    return verdict.reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "bad",
    [
        ChatResponse(),
        answer(""),
        answer("12", reason="length"),
        answer("12", reason="content_filter"),
        ChatResponse(choices=(Choice(parts=(Text("12"),)),)),
        ChatResponse(choices=(Choice(parts=(Refusal("No."),), finish=Finish("stop")),)),
    ],
)
def test_what_is_no_answer_is_never_accepted(kind: CheckKind, bad: ChatResponse) -> None:
    check = Check(kind, least=0.0, samples=1, schema_="true")
    assert isinstance(accept(check, REQUEST, [bad]), Escalated)


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ('{"n": 1}', True),
        ('```json\n{"n": 1}\n```', True),
        ('{"n": "1"}', False),
        ("{}", False),
        ("one", False),
    ],
)
def test_an_answer_obeys_the_schema_of_its_request(text: str, accepted: bool) -> None:
    for request, check in (
        (in_schema(SCHEMA), Check("schema")),
        (in_schema(SCHEMA), Check("schema", schema_="false")),  # the request's own counts
        (REQUEST, Check("schema", schema_=json.dumps(SCHEMA))),
    ):
        assert isinstance(accept(check, request, [answer(text)]), Accepted) == accepted


def test_a_schema_that_is_not_judged_whole_accepts_nothing() -> None:
    pattern = in_schema({"type": "string", "pattern": "a"})
    assert isinstance(accept(Check("schema"), pattern, [answer('"a"')]), Escalated)
    assert isinstance(accept(Check("schema"), REQUEST, [answer('{"n": 1}')]), Escalated)
    assert isinstance(accept(Check("schema", schema_="{"), REQUEST, [answer('{"n": 1}')]), Escalated)


def test_any_object_will_do_where_only_json_was_asked_for() -> None:
    request = ChatRequest(model="m", output=OutputFormat("json"))
    assert isinstance(accept(Check("schema"), request, [answer("{}")]), Accepted)
    assert isinstance(accept(Check("schema"), request, [answer("3")]), Escalated)


@pytest.mark.parametrize(
    ("name", "arguments", "accepted"),
    [
        ("count", '{"n": 1}', True),
        ("count", '{"n": "1"}', False),
        ("count", "{", False),
        ("count", "[1]", False),
        ("other", '{"n": 1}', False),
        ("free", "", True),
    ],
)
def test_tool_calls_obey_the_schemas_of_their_tools(name: str, arguments: str, accepted: bool) -> None:
    request = ChatRequest(model="m", tools=(Tool("count", parameters=SCHEMA), Tool("free")))
    call = Choice(parts=(ToolCall("c", name, arguments),), finish=Finish("tool_calls"))
    verdict = accept(Check("schema"), request, [ChatResponse(choices=(call,))])
    assert isinstance(verdict, Accepted) == accepted


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=20), st.floats(0, 1))
def test_confidence_is_the_mean_probability(chances: list[float], least: float) -> None:
    verdict = accept(Check("confidence", least=least), REQUEST, [answer("12", chances=chances)])
    mean = sum(chances) / len(chances)
    if not math.isclose(mean, least, abs_tol=1e-9):
        assert isinstance(verdict, Accepted) == (mean > least)


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        [],
        {"content": []},
        {"content": [{"token": "t"}]},
        {"content": [{"token": "t", "logprob": True}]},
        {"content": [{"token": "t", "logprob": math.nan}]},
        {"content": ["t"]},
    ],
)
def test_probabilities_that_are_not_told_are_not_high(told: Any) -> None:
    unsure = ChatResponse(choices=(Choice(parts=(Text("12"),), finish=Finish("stop"), logprobs=told),))
    assert confidence(unsure.choices[0]) is None
    assert reason(accept(Check("confidence", least=0.0), REQUEST, [unsure])) == "gateway.check.no_logprobs"


@given(st.integers() | st.floats(allow_nan=False))
def test_hostile_probabilities_stay_probabilities(value: float) -> None:
    found = confidence(Choice(logprobs={"content": [{"logprob": value}]}))
    assert found is not None
    assert 0 <= found <= 1


def test_probabilities_are_asked_for_and_kept_from_whoever_did_not() -> None:
    assert asking(Check("confidence"), REQUEST).logprobs is True
    assert asking(Check("judge"), REQUEST) is REQUEST
    assert asking(None, REQUEST) is REQUEST
    sure = answer("12", chances=[0.9])
    assert answering(REQUEST, sure) == answer("12")
    assert answering(ChatRequest(model="m", logprobs=True), sure) is sure


class Asked:
    """A check of agreement with somebody who gives the answers that it asks for."""

    def __init__(self, check: Check, texts: list[str]) -> None:
        self.answers = [answer(texts[0])]
        self.verdict = accept(check, REQUEST, self.answers)
        while isinstance(self.verdict, MoreSamples):
            assert self.verdict.count >= 1
            more = texts[len(self.answers) : len(self.answers) + self.verdict.count]
            assert len(more) == self.verdict.count, "more samples than the check may take"
            self.answers += [answer(text) for text in more]
            self.verdict = accept(check, REQUEST, self.answers)


@given(
    st.lists(st.sampled_from(["1", "2", "3"]), min_size=MOST_SAMPLES, max_size=MOST_SAMPLES),
    st.integers(1, MOST_SAMPLES),
    st.floats(0, 1),
)
def test_stopping_early_changes_nothing(texts: list[str], samples: int, least: float) -> None:
    check = Check("agreement", least=least, samples=samples)
    asked = Asked(check, texts)
    assert len(asked.answers) <= samples
    whole = accept(check, REQUEST, [answer(text) for text in texts[:samples]])
    assert isinstance(asked.verdict, Accepted) == isinstance(whole, Accepted)


def test_samples_are_asked_for_until_it_is_decided() -> None:
    check = Check("agreement", least=0.6, samples=3)
    assert len(Asked(check, ["1", "1", "2"]).answers) == 2
    assert len(Asked(check, ["1", "2", "1"]).answers) == 3
    asked = Asked(check, ["1", "2", "2"])
    assert asked.verdict == Accepted(1, 2 / 3)
    assert isinstance(Asked(check, ["1", "2", "3"]).verdict, Escalated)
    all_of_three = Check("agreement", least=1.0, samples=3)
    assert len(Asked(all_of_three, ["1", "1", "2"]).answers) == 3
    two_failed = [answer("1"), ChatResponse(), ChatResponse()]
    assert isinstance(accept(check, REQUEST, two_failed), Escalated)


def test_samples_vary() -> None:
    request = ChatRequest(model="m", temperature=0.0, seed=7, stream=True, n=1)
    verdict = accept(Check("agreement"), request, [answer("1")])
    assert isinstance(verdict, MoreSamples)
    assert verdict.request == ChatRequest(model="m", temperature=0.7, seed=8)
    warm = accept(Check("agreement"), ChatRequest(model="m", temperature=1.0), [answer("1")])
    assert isinstance(warm, MoreSamples)
    assert warm.request.temperature == 1.0


def test_another_model_may_be_asked_for_its_opinion() -> None:
    request = ChatRequest(model="m", temperature=0.0, stream=True)
    verdict = accept(Check("agreement", samples=2, least=1.0, judge="other"), request, [answer("1")])
    assert verdict == MoreSamples(1, ChatRequest(model="m", temperature=0.0), of_judges=True)


def test_a_judge_is_asked_and_believed_only_when_understood() -> None:
    check = Check("judge", least=0.7, judge="large")
    asked = accept(check, REQUEST, [answer("12")])
    assert isinstance(asked, AskJudge)
    assert accept(check, REQUEST, [answer("12")], answer('{"score": 7}')) == Accepted(0, 0.7)
    low = accept(check, REQUEST, [answer("12")], answer('{"score": 6}'))
    assert low == Escalated("gateway.check.judge", {"figure": "0.60", "least": "0.7"}, 0.6)
    assert reason(accept(check, REQUEST, [answer("12")], answer("fine"))) == "gateway.check.unreadable"
