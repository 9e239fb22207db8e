"""Requests: this dialect's JSON to canonical and back. A prompt becomes what a user says."""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import ChatRequest, Message, Opaque, Text
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields, decode_object, encode, malformed, refusal, wrong_type
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_chat.quirks import NO_STREAM_OPTIONS
from counterpoint.dialects.openai_completions.adapting import adapt_settings
from counterpoint.dialects.openai_completions.names import ECHO, NAME, PROMPT, PROMPTS, TOKENS
from counterpoint.dialects.transcript import transcript

_NUMBERS = ("temperature", "top_p", "frequency_penalty", "presence_penalty")
_COUNTS = {"max_output": "max_tokens", "n": "n", "seed": "seed"}
_OPTIONS = "stream_options"
_SAYS_NOTHING: dict[str, Any] = {"logit_bias": {}, "suffix": "", "echo": False}


def decode_request(body: bytes) -> ChatRequest:
    """Raises `Refused` with the JSON path at fault."""
    try:
        return _decode_request(Fields(decode_object(body)))
    except RecursionError as error:
        raise malformed(error) from error


def _decode_request(fields: Fields) -> ChatRequest:
    kept: dict[str, Any] = {}
    model = fields.needed("model", fields.text)
    if not model:
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    message = _decode_prompt(fields, kept)
    for name, nothing in _SAYS_NOTHING.items():
        if fields.left.get(name) == nothing and type(fields.left.get(name)) is type(nothing):
            kept[f"~blank.{name}"] = fields.any(name)
    found: dict[str, Any] = {name: fields.number(name) for name in _NUMBERS}
    found |= {name: fields.integer(field) for name, field in _COUNTS.items()}
    probable = fields.integer("logprobs")
    stream = fields.boolean("stream")
    if stream is False:
        kept["~stream"] = False
    best = fields.integer("best_of")
    if best is not None:
        kept["~best_of" if best <= (found["n"] or 1) else "best_of"] = best
    if fields.left.get("echo") is True and probable is None:
        kept["~" + ECHO] = fields.any("echo")
    options = fields.inner(_OPTIONS)
    wanted = options is not None and options.boolean("include_usage")
    if options is not None and (options.left or not wanted):
        kept[_OPTIONS if options.left else "~" + _OPTIONS] = options.whole
    return ChatRequest(
        model,
        (message,),
        **found,
        stop=_decode_stop(fields, kept),
        logprobs=None if probable is None else True,
        top_logprobs=probable or None,
        stream=bool(stream),
        include_usage=bool(wanted),
        user=fields.text("user"),
        extensions=extras(NAME, {**fields.left, **kept}),
    )


def _decode_prompt(fields: Fields, kept: dict[str, Any]) -> Message:
    if "prompt" not in fields.whole:
        raise refusal("dialects.field.missing", "prompt", code="missing_required_parameter", path="prompt")
    value = fields.any("prompt")
    kept[PROMPT] = "null" if value is None else "text"
    if value is None or type(value) is str:
        return Message("user", (Text(value or ""),))
    if type(value) is not list:
        raise wrong_type("prompt", "string_or_array", value)
    kept[PROMPT] = "list"
    if len(value) == 1 and type(value[0]) is str:
        return Message("user", (Text(value[0]),))
    if all(type(item) is int for item in value):
        return Message("user", (Opaque(NAME, TOKENS, value),))
    for index, item in enumerate(value):
        if type(item) is not str and not (type(item) is list and all(type(token) is int for token in item)):
            raise wrong_type(f"prompt[{index}]", "string_or_array", item)
    return Message("user", (Opaque(NAME, PROMPTS, value),))


def _decode_stop(fields: Fields, kept: dict[str, Any]) -> tuple[str, ...]:
    written = fields.left.get("stop")
    if type(written) is str:
        kept["~stop"] = "string"
        return (fields.any("stop"),)
    found = fields.texts("stop")
    if found == ():
        kept["~stop"] = "empty"
    return found or ()


def encode_request(request: ChatRequest, target: Target, source: str) -> Encoded:
    """`request` for `target`, with the losses that only the way through the hub brings about."""
    try:
        losing = Losing(request, source, NAME)
        prompt = _encode_prompt(request) if source == NAME else transcript(request, losing).prompt
        if source != NAME:
            request = adapt_settings(request, target, losing)
        return Encoded(encode(_body(request, target, prompt)), tuple(losing.losses))
    except RecursionError as error:
        raise malformed(error) from error


def _encode_prompt(request: ChatRequest) -> Any:
    part = request.messages[0].parts[0] if request.messages and request.messages[0].parts else Text("")
    how = request.extensions.get(NAME, {}).get(PROMPT)
    if isinstance(part, Opaque):
        return part.value
    text = part.text if isinstance(part, Text) else ""
    return None if how == "null" else [text] if how == "list" else text


def _body(request: ChatRequest, target: Target, prompt: Any) -> dict[str, Any]:
    own = request.extensions
    left = fields_of(own, NAME)
    left.pop(PROMPT, None)
    body: dict[str, Any] = {"model": target.model or request.model, "prompt": prompt}
    named = {name: name for name in (*_NUMBERS, "top_k", "user")} | _COUNTS
    body |= {field: value for name, field in named.items() if (value := getattr(request, name)) is not None}
    if request.logprobs:
        body["logprobs"] = request.top_logprobs or 0
    if request.stop or spelling(own, NAME, "stop"):
        one = spelling(own, NAME, "stop") == "string"
        body["stop"] = request.stop[0] if one else list(request.stop)
    if request.stream or spelling(own, NAME, "stream") is not None:
        body["stream"] = request.stream
    body |= _stream_options(request, target, left)
    for name in ("best_of", ECHO, *(f"blank.{name}" for name in _SAYS_NOTHING)):
        value = spelling(own, NAME, name)
        if value is not None:
            body[name.removeprefix("blank.")] = value
    return {**body, **left}


def _stream_options(request: ChatRequest, target: Target, left: Mapping[str, Any]) -> dict[str, Any]:
    written = spelling(request.extensions, NAME, _OPTIONS)
    if written is not None:
        return {_OPTIONS: written}
    wanted = request.include_usage and _OPTIONS not in left and NO_STREAM_OPTIONS not in target.quirks
    return {_OPTIONS: {"include_usage": True}} if wanted else {}


def echoed(request: ChatRequest | None) -> str:
    """The prompt that the answer to `request` is to begin with."""
    if request is None or not spelling(request.extensions, NAME, ECHO):
        return ""
    parts = request.messages[0].parts if request.messages else ()
    return "".join([part.text for part in parts if isinstance(part, Text)])
