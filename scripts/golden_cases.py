"""The golden cases: one for each feature, written once in canonical form.

`python -m scripts.golden` takes each to every pair of dialects. Where canonical has no word for a feature, `written`
has the field in the dialects that do; a dialect that is not named there has no word for it either.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    ChatResponse,
    Choice,
    Citation,
    Document,
    Image,
    Media,
    Message,
    OutputFormat,
    Reasoning,
    ReasoningSettings,
    Refusal,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Usage,
    Video,
)
from counterpoint.canonical.finish import Finish
from counterpoint.canonical.parts import Part

MODEL = "model"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PDF = "JVBERi0xLjQKMSAwIG9iago8PC9UeXBlL0NhdGFsb2c+PgplbmRvYmoKdHJhaWxlcgo8PC9Sb290IDEgMCBSPj4KJSVFT0YK"
SOUND = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="
FILM = "AAAAGGZ0eXBtcDQyAAAAAG1wNDJpc29t"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "minLength": 1}, "days": {"type": "integer", "maximum": 7}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
HELLO = Message("user", (Text("What is the weather in Oslo?"),))
WEATHER = Tool("weather", "The forecast for a city.", SCHEMA)
CLOCK = Tool("clock", "The time in a city.", SCHEMA)
ARGUMENTS = '{"city":"Oslo","days":1}'


class Case(msgspec.Struct, frozen=True):
    """`request` and `answer`: canonical; either may be missing. `written`: by dialect, fields put into the request
    that `request` makes there; only those dialects can say it. `near`: losses with which a dialect still says it."""

    name: str
    request: ChatRequest | None = None
    answer: ChatResponse | None = None
    written: Mapping[str, Mapping[str, Any]] = {}
    near: tuple[str, ...] = ()


def _asked(*messages: Message, **settings: Any) -> ChatRequest:
    return ChatRequest(MODEL, messages or (HELLO,), max_output=200, **settings)


def _said(
    *parts: Part, finish: Finish | None = None, usage: Usage | None = None, **more: Any
) -> ChatResponse:
    choice = Choice(0, parts or (Text("Mild."),), finish or Finish("stop"), **more)
    return ChatResponse("answer-1", MODEL, (choice,), usage or Usage(input=12, output=5), 1_800_000_000)


def _user(*parts: Part) -> Message:
    return Message("user", (Text("Look at this."), *parts))


def _called(*names: str) -> tuple[ToolCall, ...]:
    return tuple(ToolCall(f"call_{name}", name, ARGUMENTS) for name in names)


def _results(*names: str, role: Any = "tool", **more: Any) -> tuple[Message, ...]:
    return tuple(Message(role, (ToolResult(f"call_{name}", (Text("Mild."),), **more),)) for name in names)


def _data(value: str, kind: str, name: str | None = None) -> Media:
    return Media("data", value, kind, name)


_THOUGHT = Reasoning("Oslo lies in the north.", signature="c2lnbmF0dXJl")
_QUESTION = {"role": "user", "content": "What is the weather in Oslo?"}
_MILD = {"type": "text", "text": "Mild."}
_ONLY = {"text": "Mild."}
_THINKING = {"type": "thinking", "thinking": "Oslo lies in the north.", "signature": "c2lnbmF0dXJl"}
_CONTENT = {"role": "user", "parts": [{"text": "What is the weather in Oslo?"}]}
_SIGNED = {"text": "Mild.", "thoughtSignature": "c2lnbmF0dXJl"}
_TURN = {"role": "user", "content": [{"text": "What is the weather in Oslo?"}]}
_REASONED = {
    "reasoningContent": {"reasoningText": {"text": "Oslo lies in the north.", "signature": "c2lnbmF0dXJl"}}
}
_REDACTED = {"type": "redacted_thinking", "data": "Z2VoZWlt"}
_LOGPROBS = {"content": [{"token": "Mild", "logprob": -0.25, "bytes": [77], "top_logprobs": []}]}
_CACHE_CONTROL = {"type": "ephemeral"}

CASES: tuple[Case, ...] = (
    Case("text", _asked(), _said()),
    Case("system", _asked(Message("system", (Text("Be brief."),)), HELLO)),
    Case("developer", _asked(Message("developer", (Text("Be brief."),)), HELLO)),
    Case("system_later", _asked(HELLO, Message("system", (Text("Be brief."),)), HELLO)),
    Case(
        "turns",
        _asked(HELLO, Message("assistant", (Text("Mild."),)), Message("user", (Text("And in Rome?"),))),
    ),
    Case("tools", _asked(tools=(WEATHER,)), _said(*_called("weather"), finish=Finish("tool_calls"))),
    Case(
        "tool_turns",
        _asked(HELLO, Message("assistant", _called("weather")), *_results("weather"), tools=(WEATHER,)),
    ),
    Case(
        "parallel_tools",
        _asked(
            HELLO,
            Message("assistant", _called("weather", "clock")),
            *_results("weather", "clock"),
            tools=(WEATHER, CLOCK),
        ),
        _said(*_called("weather", "clock"), finish=Finish("tool_calls")),
    ),
    Case("parallel_tools_off", _asked(tools=(WEATHER,), parallel_tool_calls=False)),
    Case("required_tool", _asked(tools=(WEATHER,), tool_choice=ToolChoice("required"))),
    Case("forced_tool", _asked(tools=(WEATHER,), tool_choice=ToolChoice("tool", "weather"))),
    Case("no_tool", _asked(tools=(WEATHER,), tool_choice=ToolChoice("none"))),
    Case(
        "strict_tool", _asked(tools=(msgspec.structs.replace(WEATHER, strict=True),)), near=("tool.schema",)
    ),
    Case("custom_tool", _asked(tools=(Tool("shell", "Runs a command.", kind="custom"),))),
    Case(
        "tool_error",
        _asked(
            HELLO,
            Message("assistant", _called("weather")),
            *_results("weather", role="user", is_error=True),
            tools=(WEATHER,),
        ),
    ),
    Case(
        "tool_image",
        _asked(
            HELLO,
            Message("assistant", _called("weather")),
            Message("user", (ToolResult("call_weather", (Image(_data(PIXEL, "image/png")),)),)),
            tools=(WEATHER,),
        ),
    ),
    Case(
        "json_schema",
        _asked(output=OutputFormat("json_schema", SCHEMA, "forecast", strict=True)),
        near=("output.name", "output.strict", "output.schema"),
    ),
    Case("json", _asked(output=OutputFormat("json"))),
    Case("image", _asked(_user(Image(_data(PIXEL, "image/png"))))),
    Case("image_url", _asked(_user(Image(Media("url", "https://example.com/a.png", "image/png"))))),
    Case("image_detail", _asked(_user(Image(_data(PIXEL, "image/png"), detail="low")))),
    Case(
        "document",
        _asked(_user(Document(_data(PDF, "application/pdf", "a.pdf"), title="a.pdf"))),
        near=("document.title",),
    ),
    Case("document_text", _asked(_user(Document(Media("text", "Oslo is mild.", "text/plain"))))),
    Case("audio", _asked(_user(Audio(_data(SOUND, "audio/wav"))))),
    Case("video", _asked(_user(Video(_data(FILM, "video/mp4"))))),
    Case("reasoning_effort", _asked(reasoning=ReasoningSettings(effort="high")), near=("reasoning.effort",)),
    Case(
        "reasoning_budget",
        msgspec.structs.replace(_asked(reasoning=ReasoningSettings("on", budget=2048)), max_output=4096),
        near=("reasoning.effort",),
    ),
    Case("reasoning", answer=_said(Reasoning("Oslo lies in the north."), Text("Mild."))),
    Case(
        "reasoning_signature",
        _asked(),
        _said(_THOUGHT, Text("Mild.")),
        written={
            "anthropic-messages": {
                "messages": [_QUESTION, {"role": "assistant", "content": [_THINKING, _MILD]}, _QUESTION]
            },
            "gemini-generate": {"contents": [_CONTENT, {"role": "model", "parts": [_SIGNED]}, _CONTENT]},
            "bedrock-converse": {
                "messages": [_TURN, {"role": "assistant", "content": [_REASONED, _ONLY]}, _TURN]
            },
        },
    ),
    Case(
        "reasoning_encrypted",
        _asked(),
        written={
            "anthropic-messages": {
                "messages": [_QUESTION, {"role": "assistant", "content": [_REDACTED, _MILD]}, _QUESTION]
            },
            "openai-responses": {
                "include": ["reasoning.encrypted_content"],
                "input": [
                    _QUESTION,
                    {"type": "reasoning", "summary": [], "encrypted_content": "Z2VoZWlt"},
                    {"role": "assistant", "content": "Mild."},
                    _QUESTION,
                ],
            },
        },
    ),
    Case(
        "prompt_cache",
        _asked(),
        written={
            "anthropic-messages": {
                "system": [{"type": "text", "text": "Be brief.", "cache_control": _CACHE_CONTROL}]
            },
            "openai-chat": {"prompt_cache_key": "oslo"},
            "openai-responses": {"prompt_cache_key": "oslo"},
            "gemini-generate": {"cachedContent": "cachedContents/oslo"},
            "bedrock-converse": {"system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}]},
        },
    ),
    Case("cache_usage", answer=_said(usage=Usage(input=2, cache_read=10, output=5))),
    Case(
        "citations",
        answer=_said(Text("Mild.", (Citation(url="https://example.com/a", title="Oslo", start=0, end=5),))),
    ),
    Case(
        "server_tools",
        _asked(),
        written={
            "anthropic-messages": {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
            "openai-chat": {"web_search_options": {}},
            "openai-responses": {"tools": [{"type": "web_search"}]},
            "gemini-generate": {"tools": [{"googleSearch": {}}]},
            "bedrock-converse": {"toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}},
        },
    ),
    Case("logprobs", _asked(logprobs=True, top_logprobs=2), _said(logprobs=_LOGPROBS)),
    Case("seed", _asked(seed=7)),
    Case("stop", _asked(stop=("END",)), _said(finish=Finish("stop", stop_sequence="END"))),
    Case("n", _asked(n=2)),
    Case("temperature", _asked(temperature=0.5)),
    Case("top_p", _asked(top_p=0.5)),
    Case("top_k", _asked(top_k=20)),
    Case("penalties", _asked(frequency_penalty=0.5, presence_penalty=0.25)),
    Case("service_tier", _asked(service_tier="priority")),
    Case("metadata", _asked(metadata={"ticket": "7"})),
    Case("user", _asked(user="u-1")),
    Case("stream", _asked(stream=True, include_usage=True)),
    Case("refusal", answer=_said(Refusal("I cannot say."), finish=Finish("refusal"))),
    Case("finish_length", answer=_said(finish=Finish("length"))),
    Case("finish_content_filter", answer=_said(finish=Finish("content_filter"))),
)
