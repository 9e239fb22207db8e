"""Requests in canonical words. Absent means "the host's default": `None` is never sent upstream."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from counterpoint.canonical.parts import NO_EXTENSIONS, Extensions, Part

Role = Literal["system", "developer", "user", "assistant", "tool"]


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """One turn. System prompts are messages too, at their place in the order. Tool results stand in a
    message of role `tool` or `user`, as the source dialect had them; encoders accept both."""

    role: Role
    parts: tuple[Part, ...] = ()
    name: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class Tool(msgspec.Struct, frozen=True, omit_defaults=True, tag="tool", tag_field="type"):
    """A tool that the client runs. `parameters` is a JSON schema (`None`: none given). `kind` `custom`
    takes free text instead of JSON."""

    name: str
    description: str | None = None
    parameters: Mapping[str, Any] | None = None
    strict: bool | None = None
    kind: Literal["function", "custom"] = "function"
    extensions: Extensions = NO_EXTENSIONS


class OpaqueTool(msgspec.Struct, frozen=True, omit_defaults=True, tag="opaque_tool", tag_field="type"):
    """A tool that the host itself runs (web search, code execution), in the words of one dialect."""

    dialect: str
    kind: str
    value: Any


class ToolChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """`auto`, `none`, `required` (any tool), or `tool` with its `name`."""

    mode: Literal["auto", "none", "required", "tool"]
    name: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class OutputFormat(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the answer must look like: `text`, any `json`, or JSON that a schema accepts."""

    kind: Literal["text", "json", "json_schema"]
    schema: Mapping[str, Any] | None = None
    name: str | None = None
    description: str | None = None
    strict: bool | None = None
    extensions: Extensions = NO_EXTENSIONS


class ReasoningSettings(msgspec.Struct, frozen=True, omit_defaults=True):
    """How much to think. `effort`: the dialects' words (`minimal`, `low`, `medium`, `high`, ...).
    `budget`: tokens. `mode`: `off`, `on` (with a budget), or `adaptive` (the model decides).
    `display`: `summarized` or `omitted` where the caller said so."""

    mode: Literal["off", "on", "adaptive"] | None = None
    effort: str | None = None
    budget: int | None = None
    display: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class ChatRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conversation to continue. `max_output` counts tokens, reasoning included. `stop`: up to the
    target's own limit. `top_logprobs` is `None` unless asked for. `stream`: events as they come;
    `include_usage`: the client wants usage in its stream."""

    model: str
    messages: tuple[Message, ...] = ()
    tools: tuple[Tool | OpaqueTool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    output: OutputFormat | None = None
    reasoning: ReasoningSettings | None = None
    max_output: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    n: int | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    stream: bool = False
    include_usage: bool = False
    user: str | None = None
    service_tier: str | None = None
    metadata: Mapping[str, Any] | None = None
    extensions: Extensions = NO_EXTENSIONS


class EmbedRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """Texts, or token lists (never both at once), to turn into vectors. `encoding` is `float` or `base64`
    (little-endian float32). `dimensions`: shorten to that many."""

    model: str
    input: tuple[str | tuple[int, ...], ...]
    dimensions: int | None = None
    encoding: Literal["float", "base64"] = "float"
    user: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class RerankRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """Documents to put in the order in which they answer `query`. One that is no plain text is an object, as the
    caller wrote it. `top`: how many of the best are wanted; `documents_back`: with their text in the answer."""

    model: str
    query: str
    documents: tuple[str | Mapping[str, Any], ...]
    top: int | None = None
    documents_back: bool | None = None
    extensions: Extensions = NO_EXTENSIONS


class CountTokensRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many input tokens would `request` cost? Nothing is generated."""

    request: ChatRequest
