"""One chat, from the canonical request to its last event, on a loaded GGUF model."""

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, Final

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    Failure,
    FailureKind,
    OpaqueTool,
    StartEvent,
    StreamEvent,
    UsageEvent,
)
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.ids import new_id
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.process.answers import ChoiceAnswer, summed
from counterpoint.engines.process.grammars import Grammar, grammar_of
from counterpoint.engines.process.native import NativeServer, context_exceeded
from counterpoint.engines.process.prompts import TemplateFacts, template_messages
from counterpoint.engines.process.tooling import callable_tools
from counterpoint.i18n import say

MOST_CHOICES: Final = 16
MOST_LOGPROBS: Final = 20
"""Alternatives told for each token; the runtime would tell the whole vocabulary."""
LONGEST_TOKEN: Final = 256
"""Letters that no token of any vocabulary has. A text that cannot fit the context is refused before it is cut into
tokens, which takes 1.5 s a megabyte."""
SEEDS: Final = 0xFFFFFFFF
"""llama.cpp takes 32-bit seeds; the highest one means "choose"."""


class ChatModel:
    """A loaded chat model: the same for every call."""

    def __init__(self, manifest: Manifest, native: NativeServer, parallel: int) -> None:
        self._manifest = manifest
        self._native = native
        self._slots = asyncio.Semaphore(parallel)
        self.context = 0
        self.facts = TemplateFacts()

    async def learn(self, ends: tuple[int, ...] = ()) -> None:
        """Find out what the template can do, by trying it."""
        properties = await self._native.ask("/props")
        self.context = int(properties["default_generation_settings"]["n_ctx"])
        modalities = properties.get("modalities") or {}
        mark = secrets.token_hex(8)
        user = {"role": "user", "content": "Hello"}
        try:
            answer = await self._native.ask(
                "/apply-template", {"messages": [{"role": "system", "content": mark}, user]}
            )
            system = mark in answer["prompt"]
        except Refused:  # the template raises on a system role
            system = False
        body = {"messages": [user]}
        thinks = await self._opens_a_thought(body)
        self.facts = TemplateFacts(
            system=system,
            thinks=thinks,
            splits=thinks and not await self._told_apart(body),
            sees=bool(modalities.get("vision")),
            ends=ends,
        )

    async def _opens_a_thought(self, body: dict[str, Any]) -> bool:
        """Whether the template leaves the model within a thought; some do or don't by what is asked of them."""
        prompt = (await self._native.ask("/apply-template", _prompting(body)))["prompt"]
        return str(prompt).rstrip().endswith("<think>")

    async def _told_apart(self, body: dict[str, Any]) -> bool:
        """Whether the runtime knows this template's thoughts, by letting the model begin one."""
        short = {**body, "stream": True, "max_tokens": 4, "temperature": 0}
        async with aclosing(self._native.stream("/v1/chat/completions", short)) as chunks:
            async for chunk in chunks:
                if any((choice.get("delta") or {}).get("reasoning_content") for choice in chunk["choices"]):
                    return True
        return False

    async def count(self, request: ChatRequest) -> int:
        """Input tokens of `request`, the template's own included."""
        body = _prompting(self._body(request))
        answer = await self._native.ask("/v1/chat/completions/input_tokens", body)
        return int(answer["input_tokens"])

    async def run(self, request: ChatRequest, emit: Callable[[StreamEvent], None]) -> None:
        """Generate; every event goes to `emit`, the first one when there is something to say: until then the
        call can still fail as if it had never begun. Raises `Refused`."""
        choices = request.n or 1
        if not 1 <= choices <= MOST_CHOICES:
            raise Refused(_bad("engines.choices", "n", most=MOST_CHOICES))
        body = self._body(request)
        facts = self.facts
        if facts.thinks:
            facts = msgspec.structs.replace(facts, thinks=await self._opens_a_thought(body))
        grammar = grammar_of(request, facts)
        if grammar is not None:
            body["grammar"] = grammar.text
        tools, splits = bool(callable_tools(request)), facts.thinks and facts.splits
        answers = [ChoiceAnswer(request, index, tools, splits) for index in range(choices)]
        say_event = _Opening(self._manifest.name, grammar, emit)
        try:
            async with asyncio.TaskGroup() as group:
                for index, answer in enumerate(answers):
                    group.create_task(self._generate(_reseeded(body, index), answer, say_event))
        except BaseExceptionGroup as group:
            # Not `except*`: Python 3.11.2, which is Debian 12's, wraps what is raised in it into a group again.
            refusals, others = group.split(Refused)
            if refusals is None or others is not None:
                raise
            raise _first(refusals) from None
        emit(UsageEvent(summed([answer.usage for answer in answers])))

    async def _generate(
        self, body: dict[str, Any], answer: ChoiceAnswer, emit: Callable[[StreamEvent], None]
    ) -> None:
        async with self._slots, aclosing(self._native.stream("/v1/chat/completions", body)) as chunks:
            async for chunk in chunks:
                for event in answer.chunk(chunk):
                    emit(event)
                if answer.stopped:
                    break
        for event in answer.close():
            emit(event)

    def _messages(self, request: ChatRequest) -> list[dict[str, Any]]:
        choice = request.tool_choice
        if choice is not None and choice.mode in {"required", "tool"} and not callable_tools(request):
            raise Refused(_bad("engines.no_tool", "tool_choice", name=choice.name or choice.mode))
        for index, tool in enumerate(request.tools):
            if isinstance(tool, OpaqueTool):
                raise Refused(_bad("engines.hosted_tool", f"tools[{index}]", kind=tool.kind))
        messages = template_messages(request, self._manifest, self.facts)
        size = sum(map(_size, messages))
        if size > self.context * LONGEST_TOKEN:
            raise Refused(context_exceeded(f"more than {size // LONGEST_TOKEN}", self.context))
        return messages

    def _check(self, request: ChatRequest) -> None:
        """Numbers that the runtime would take for something else: no limit for none at all, say."""
        if request.max_output is not None and request.max_output < 1:
            raise Refused(_bad("engines.max_output", "max_tokens", value=request.max_output))
        if not 0 <= (request.top_logprobs or 0) <= MOST_LOGPROBS:
            raise Refused(_bad("engines.top_logprobs", "top_logprobs", most=MOST_LOGPROBS))

    def _body(self, request: ChatRequest) -> dict[str, Any]:
        """The native server's request. What the caller said, then what the manifest says, then the model file's
        own sampling defaults and llama.cpp's."""
        self._check(request)
        limit = request.max_output or self._manifest.max_output
        fields: dict[str, Any] = {
            "messages": self._messages(request),
            "stream": True,
            "timings_per_token": True,
            "max_tokens": limit and min(limit, self.context),
            "temperature": _first_given(request.temperature, self._manifest.temperature),
            "top_p": _first_given(request.top_p, self._manifest.top_p),
            "top_k": request.top_k,
            "frequency_penalty": request.frequency_penalty,
            "presence_penalty": request.presence_penalty,
            "seed": None if request.seed is None else request.seed % SEEDS,
        }
        if request.logprobs or request.top_logprobs is not None:
            fields["logprobs"] = True
            fields["top_logprobs"] = request.top_logprobs or 0
        kwargs = _template_arguments(request)
        if kwargs:
            fields["chat_template_kwargs"] = kwargs
        return {name: value for name, value in fields.items() if value is not None}


def _size(message: dict[str, Any]) -> int:
    """The letters of a message, images left out."""
    content = message["content"]
    return len(content) if isinstance(content, str) else sum(len(piece.get("text", "")) for piece in content)


def _first_given(said: float | None, otherwise: float | None) -> float | None:
    return otherwise if said is None else said


def _prompting(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request that make its prompt."""
    return {name: body[name] for name in ("messages", "chat_template_kwargs") if name in body}


class _Opening:
    """Puts the start before the first event."""

    def __init__(self, model: str, grammar: Grammar | None, emit: Callable[[StreamEvent], None]) -> None:
        self._emit = emit
        unenforced = (
            {"local": {"unenforced": list(grammar.unenforced)}} if grammar and grammar.unenforced else {}
        )
        self._start: StartEvent | None = StartEvent(
            id=f"chatcmpl-{new_id()}", model=model, created=int(time.time()), extensions=unenforced
        )

    def __call__(self, event: StreamEvent) -> None:
        if self._start is not None:
            start, self._start = self._start, None
            self._emit(start)
        self._emit(event)


def _template_arguments(request: ChatRequest) -> dict[str, Any]:
    """What thinking models' templates ask for. An answer of a fixed form has no room for thinking aloud."""
    settings = request.reasoning
    formed = request.output is not None and request.output.kind != "text"
    forced = request.tool_choice is not None and request.tool_choice.mode in {"required", "tool"}
    arguments: dict[str, Any] = {}
    if (settings is not None and settings.mode == "off") or formed or forced:
        arguments["enable_thinking"] = False
    if settings is not None and settings.effort is not None:
        arguments["reasoning_effort"] = settings.effort
    return arguments


def _reseeded(body: dict[str, Any], index: int) -> dict[str, Any]:
    if index == 0 or "seed" not in body:
        return body
    return {**body, "seed": (body["seed"] + index) % SEEDS}


def _bad(sentence: str, param: str, **values: object) -> Failure:
    return Failure(
        FailureKind.unsupported,
        say(sentence, lang="en", **values),
        code="unsupported_value",
        param=param,
        from_upstream=True,
    )


def _first(group: BaseExceptionGroup[Refused]) -> Refused:
    for error in group.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise AssertionError("an exception group is never empty")
