"""Whether the answer of a cascade's step is good enough, or the next, dearer step must be taken. Pure.

`accept` is called with what has been answered so far, and again with more when it asked for more. Nothing is accepted
on trust: an answer that was cut short, a schema that cannot be judged whole, missing logprobs, a judge that is not to
be understood all mean the next step.
"""

import math
from collections.abc import Sequence
from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, ChatResponse, Choice, Part, Refusal, Text, Tool, ToolCall
from counterpoint.canonical.obeying import unproven
from counterpoint.dialects.jsonio import NotJsonError, parse
from counterpoint.directory.routes import Check
from counterpoint.gateway.routing.agreement import groups, largest, said, unfenced
from counterpoint.gateway.routing.judging import question, score
from counterpoint.gateway.routing.verdicts import Accepted, AskJudge, Escalated, MoreSamples, Verdict

MOST_SAMPLES = 16
_WARM = 0.7
"""The temperature of samples where the caller wants answers that do not vary: they would agree without saying
anything. 0.7 is what self-consistency was measured with (https://arxiv.org/abs/2203.11171, section 3.1)."""
_DONE = frozenset({"stop", "tool_calls"})
_SHORT = {
    "confidence": "gateway.check.confidence",
    "agreement": "gateway.check.agreement",
    "judge": "gateway.check.judge",
}
_SILENT: dict[str, Any] = {"stream": False, "include_usage": False, "n": None}
_ANY_JSON: dict[str, Any] = {"type": "object"}


def asking(check: Check | None, request: ChatRequest) -> ChatRequest:
    """The request by which a step is asked, so that its answer can be checked. (Logprobs that only the check wanted
    are not the caller's: see `answering`.)"""
    if check is not None and check.kind == "confidence" and not request.logprobs:
        return msgspec.structs.replace(request, logprobs=True)
    return request


def answering(request: ChatRequest, answer: ChatResponse) -> ChatResponse:
    """An accepted answer as its caller asked for it."""
    if request.logprobs or all(choice.logprobs is None for choice in answer.choices):
        return answer
    choices = tuple(msgspec.structs.replace(choice, logprobs=None) for choice in answer.choices)
    return msgspec.structs.replace(answer, choices=choices)


def accept(
    check: Check,
    request: ChatRequest,
    answers: Sequence[ChatResponse],
    judgement: ChatResponse | None = None,
) -> Verdict:
    """What `check` finds of `answers`, the first one by `asking`, others because `MoreSamples` wanted them (an answer
    that failed is left out or given without choices). `judgement`: what the judge said, when `AskJudge` wanted it."""
    unfinished = _unfinished(answers[0]) if answers else "gateway.check.empty"
    if unfinished is not None and check.kind != "agreement":
        return Escalated(unfinished)
    match check.kind:
        case "schema":
            return _schema(check, request, answers[0])
        case "confidence":
            return _confidence(check, answers[0])
        case "agreement":
            return _agreement(check, request, answers)
        case "judge":
            return _judge(check, request, answers[0], judgement)


def _unfinished(answer: ChatResponse) -> str | None:
    """Why an answer is none, whatever the check."""
    if not answer.choices:
        return "gateway.check.empty"
    for choice in answer.choices:
        if choice.finish is None or choice.finish.reason not in _DONE:
            return "gateway.check.unfinished"
        if any(isinstance(part, Refusal) for part in choice.parts):
            return "gateway.check.refused"
        if not any(map(_says_something, choice.parts)):
            return "gateway.check.empty"
    return None


def _says_something(part: Part) -> bool:
    return isinstance(part, ToolCall) or (isinstance(part, Text) and bool(part.text.strip()))


def _schema(check: Check, request: ChatRequest, answer: ChatResponse) -> Verdict:
    for choice in answer.choices:
        where = _disobedient(check, request, choice)
        if where is not None:
            return Escalated("gateway.check.schema", {"path": where})
    return Accepted()


def _disobedient(check: Check, request: ChatRequest, choice: Choice) -> str | None:
    """The path at fault in an answer; tool calls are judged by the schemas of their tools."""
    calls = [part for part in choice.parts if isinstance(part, ToolCall)]
    if calls:
        return next((f"$.{call.name}" for call in calls if not _is_callable(request, call)), None)
    schema = _schema_for(check, request)
    try:
        value = parse(unfenced("".join(part.text for part in choice.parts if isinstance(part, Text))))
    except NotJsonError:
        return "$"
    return "$" if schema is None else unproven(schema, value)


def _schema_for(check: Check, request: ChatRequest) -> Any:
    """What the answer must obey; `None`: nothing says it."""
    output = request.output
    if output is not None and output.kind == "json_schema" and output.schema is not None:
        return output.schema
    if check.schema_:
        try:
            return parse(check.schema_)
        except NotJsonError:
            return None
    return _ANY_JSON if output is not None and output.kind != "text" else None


def _is_callable(request: ChatRequest, call: ToolCall) -> bool:
    tool = next((tool for tool in request.tools if isinstance(tool, Tool) and tool.name == call.name), None)
    if tool is None or tool.kind != call.kind:
        return False
    if tool.kind == "custom":
        return True
    try:
        value = parse(call.arguments or "{}")
    except NotJsonError:
        return False
    return isinstance(value, dict) and (tool.parameters is None or unproven(tool.parameters, value) is None)


def _confidence(check: Check, answer: ChatResponse) -> Verdict:
    means = [confidence(choice) for choice in answer.choices]
    known = [mean for mean in means if mean is not None]
    if len(known) < len(means):
        return Escalated("gateway.check.no_logprobs")
    least = min(known)
    return Accepted(0, least) if least >= check.least else _short_of(check, least)


def confidence(choice: Choice) -> float | None:
    """The mean probability of an answer's tokens; `None`: the host did not tell all of them."""
    content = choice.logprobs.get("content") if isinstance(choice.logprobs, dict) else None
    if not isinstance(content, list | tuple) or not content:
        return None
    chances: list[float] = []
    for token in content:
        value = token.get("logprob") if isinstance(token, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            return None
        chances.append(math.exp(max(-1000.0, min(0.0, value))))
    return math.fsum(chances) / len(chances)


def _agreement(check: Check, request: ChatRequest, answers: Sequence[ChatResponse]) -> Verdict:
    """Asks for no more samples than could still decide, and stops when those to come cannot."""
    wanted = min(max(check.samples, len(answers), 1), MOST_SAMPLES)
    needed = max(1, math.ceil(round(check.least * wanted, 9)))
    most = largest(groups(said(answer) if _unfinished(answer) is None else None for answer in answers))
    left = max(0, wanted - len(answers))
    share = len(most) / wanted
    if len(most) >= needed:
        return Accepted(most[0], share)
    if len(most) + left < needed:
        return _short_of(check, share)
    if check.judge and len(answers) == 1:
        # Another model's first answer is his best: nothing of the request need change for it to be another one.
        return MoreSamples(needed - len(most), msgspec.structs.replace(request, **_SILENT), True)
    return MoreSamples(needed - len(most), sampling(request, len(answers)), bool(check.judge))


def sampling(request: ChatRequest, before: int) -> ChatRequest:
    """The request for more samples, when there are `before` already."""
    changes: dict[str, Any] = {}
    if request.temperature is not None and request.temperature < _WARM:
        changes["temperature"] = _WARM
    if request.seed is not None:
        changes["seed"] = request.seed + before
    return msgspec.structs.replace(request, **_SILENT, **changes)


def _judge(
    check: Check, request: ChatRequest, answer: ChatResponse, judgement: ChatResponse | None
) -> Verdict:
    if judgement is None:
        return AskJudge(question(request, answer))
    found = score(judgement)
    if found is None:
        return Escalated("gateway.check.unreadable")
    return Accepted(0, found) if found >= check.least else _short_of(check, found)


def _short_of(check: Check, figure: float) -> Escalated:
    return Escalated(_SHORT[check.kind], {"figure": f"{figure:.2f}", "least": f"{check.least:g}"}, figure)
