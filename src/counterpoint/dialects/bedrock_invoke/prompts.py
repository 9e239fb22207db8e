"""Bodies with one prompt, and their answers: tables of what each family calls the same things.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html: Llama, Mistral, Titan, Command and
Command R, Claude's text completions, Jurassic. `TEMPLATES`: how each family's models have read conversations.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    Choice,
    Document,
    Finish,
    FinishReason,
    Loss,
    Message,
    Refusal,
    Text,
    Usage,
)
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Encoded, Target
from counterpoint.dialects.bedrock_invoke.families import NAME, Family
from counterpoint.dialects.extensions import extras, fields_of, foreign_losses, spelling
from counterpoint.dialects.jsonio import Fields, encode, not_an_answer
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.prompt_fields import CONFIG, PROMPT, SETTINGS
from counterpoint.dialects.transcript import transcript

Json = dict[str, Any]


class Words(msgspec.Struct, frozen=True):
    """What a family calls things. `config`: the object that holds the settings, if not the body itself. `items`:
    the list of answers, if there is one; `text` and `reason`: where the words and the reason to stop stand in an
    answer. `read`, `written`: fields with counts of tokens."""

    settings: Mapping[str, str]
    text: tuple[str, ...]
    reason: tuple[str, ...]
    prompt: str = "prompt"
    config: str = ""
    items: str = ""
    read: str = ""
    written: str = ""
    piece: str = "text"


WORDS: Mapping[Family, Words] = {
    "llama": Words(
        SETTINGS["llama"],
        ("generation",),
        ("stop_reason",),
        read="prompt_token_count",
        written="generation_token_count",
        piece="generation",
    ),
    "mistral": Words(SETTINGS["mistral"], ("text",), ("stop_reason",), items="outputs"),
    "titan": Words(
        SETTINGS["titan"],
        ("outputText",),
        ("completionReason",),
        prompt=PROMPT["titan"],
        config=CONFIG["titan"],
        items="results",
        read="inputTextTokenCount",
        written="tokenCount",
        piece="outputText",
    ),
    "command": Words(SETTINGS["command"], ("text",), ("finish_reason",), items="generations"),
    "command-r": Words(SETTINGS["command-r"], ("text",), ("finish_reason",), prompt=PROMPT["command-r"]),
    "claude-text": Words(SETTINGS["claude-text"], ("completion",), ("stop_reason",), piece="completion"),
    "jurassic": Words(
        SETTINGS["jurassic"], ("data", "text"), ("finishReason", "reason"), items="completions"
    ),
}

_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "finish": "stop",
    "stop_criteria_met": "stop",
    "content_filtered": "content_filter",
    "complete": "stop",
    "max_tokens": "length",
    "stop_sequence": "stop",
    "endoftext": "stop",
    "end_turn": "stop",
    "error": "error",
    "error_toxic": "content_filter",
}
"""Reasons to stop, of all families, in small letters."""
_SAID: Mapping[Family, Mapping[str, str]] = {
    "llama": {"stop": "stop", "length": "length"},
    "mistral": {"stop": "stop", "length": "length"},
    "titan": {"stop": "FINISH", "length": "LENGTH", "content_filter": "CONTENT_FILTERED"},
    "command": {"stop": "COMPLETE", "length": "MAX_TOKENS"},
    "command-r": {"stop": "COMPLETE", "length": "MAX_TOKENS"},
    "claude-text": {"stop": "stop_sequence", "length": "max_tokens"},
    "jurassic": {"stop": "endoftext", "length": "length"},
}


def decode_finish(raw: Any) -> Finish | None:
    """`None` while the answer goes on."""
    return Finish(_REASONS.get(raw.lower(), "other"), raw) if type(raw) is str else None


def encode_finish(finish: Finish | None, family: Family) -> str:
    """In the family's word."""
    if finish is None:
        return _SAID[family]["stop"]
    words = _SAID[family]
    if finish.raw in words.values():
        return str(finish.raw)
    return words.get(finish.reason, words["stop"])


_CONTINUED = "text"
"""Kept under the prompt's name, though the hub has the words: a prompt is continued, a message is answered. So every
other dialect declares what it is turned into."""
_COUNTS = {"max_output", "top_k", "n", "seed"}


def decode_request(body: Json, family: Family) -> ChatRequest:
    """Raises `Refused` with the JSON path at fault."""
    words, fields = WORDS[family], Fields(body)
    prompt = fields.needed(words.prompt, fields.text)
    marks: Json = {"~family": family, "~stream": fields.any("stream")}
    if family != "command-r":
        marks[words.prompt] = _CONTINUED
    config = (fields.inner(words.config) if words.config else fields) or Fields({})
    found: Json = {}
    for name, field in words.settings.items():
        if name == "stop":
            stop = config.texts(field)
            found["stop"] = stop or ()
            marks["~stop"] = [] if stop == () else None
        else:
            found[name] = config.integer(field) if name in _COUNTS else config.number(field)
    if words.config and words.config in body:
        marks["~config"] = True
        if config.left:
            fields.left[words.config] = config.left
    before = _decode_history(fields) if family == "command-r" else ()
    kept = {**fields.left, **{name: value for name, value in marks.items() if value is not None}}
    stream = marks["~stream"] is True
    return ChatRequest(
        "", (*before, Message("user", (Text(prompt),))), **found, stream=stream, extensions=extras(NAME, kept)
    )


_ROLES: Mapping[str, Any] = {"USER": "user", "CHATBOT": "assistant", "SYSTEM": "system"}
_SPEAKERS = {role: word for word, role in _ROLES.items()}


def _decode_history(fields: Fields) -> tuple[Message, ...]:
    messages: list[Message] = []
    preamble = fields.text("preamble")
    if preamble is not None:
        messages.append(Message("system", (Text(preamble),), extensions=extras(NAME, {"~place": "preamble"})))
    history = fields.left.get("chat_history")
    if type(history) is list and all(_is_turn(item) for item in history):
        for item in fields.each("chat_history"):
            role, text = item.text("role"), item.text("message")
            messages.append(
                Message(_ROLES[role or ""], (Text(text or ""),), extensions=extras(NAME, item.left))
            )
    return tuple(messages)


def _is_turn(item: Any) -> bool:
    return type(item) is dict and item.get("role") in _ROLES and type(item.get("message")) is str


def encode_request(request: ChatRequest, target: Target, source: str, family: Family) -> Encoded:
    """`request` in the words of `family`."""
    own = source == NAME and spelling(request.extensions, NAME, "family") == family
    losing = Losing(request, source, NAME)
    history: Json = {}
    if family == "command-r":
        prompt, history = _encode_history(request, losing, source, own=own)
    elif own:
        prompt = _text(request.messages[-1])
    else:
        prompt = _templated(request, losing, family)
    words = WORDS[family]
    if not own:
        _leave_out(request, words, losing)
    left = fields_of(request.extensions, NAME) if own else {}
    left.pop(words.prompt, None)
    config = _settings(request, words, own=own)
    body = {words.prompt: prompt, **history}
    if not words.config:
        body |= config
    elif config or spelling(request.extensions, NAME, "config"):
        body[words.config] = {**config, **(left.pop(words.config, None) or {})}
    stream = spelling(request.extensions, NAME, "stream") if own else request.stream or None
    if family in {"command", "command-r"} and stream is not None:
        body["stream"] = stream
    return Encoded(encode({**body, **left}), tuple(losing.losses))


def _settings(request: ChatRequest, words: Words, *, own: bool) -> Json:
    config: Json = {}
    for name, field in words.settings.items():
        value = getattr(request, name)
        if name == "stop":
            value = list(request.stop) or (spelling(request.extensions, NAME, "stop") if own else None)
        if value is not None:
            config[field] = value
    return config


_NONE_OF = (
    *(("tools", "meaning"), ("output", "meaning"), ("reasoning", "degraded"), ("n", "meaning")),
    *(("logprobs", "meaning"), ("seed", "degraded"), ("user", "cosmetic"), ("service_tier", "degraded")),
    *(("metadata", "cosmetic"), ("top_k", "degraded"), ("stop", "meaning")),
    *(("frequency_penalty", "degraded"), ("presence_penalty", "degraded"), ("tool_choice", "meaning")),
)


def _leave_out(request: ChatRequest, words: Words, losing: Losing) -> None:
    losing.fields(request.extensions, "")
    for name, severity in _NONE_OF:
        if getattr(request, name) and name not in words.settings:
            losing.lose(name, name, severity, "the target has no such setting")  # type: ignore[arg-type]  # as above


def _text(message: Message) -> str:
    return "\n".join(_words(message))


def _words(message: Message) -> list[str]:
    said = []
    for part in message.parts:
        if isinstance(part, Text | Refusal) and part.text:
            said.append(part.text)
        elif isinstance(part, Document) and part.source.kind == "text":
            said.append(part.source.value)
    return said


class _Template(msgspec.Struct, frozen=True):
    """How a conversation is written for a family's models: what stands before and after what each one says."""

    begin: str
    turns: Mapping[str, tuple[str, str]]
    end: str


TEMPLATES: Mapping[str, _Template] = {
    # https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1/
    "llama": _Template(
        "<|begin_of_text|>",
        {
            role: (f"<|start_header_id|>{role}<|end_header_id|>\n\n", "<|eot_id|>")
            for role in ("system", "user", "assistant")
        },
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
    ),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
    "mistral": _Template(
        "<s>",
        {"system": ("[INST] ", " [/INST]"), "user": ("[INST] ", " [/INST]"), "assistant": (" ", "</s>")},
        "",
    ),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html
    "titan": _Template(
        "", {"system": ("", "\n"), "user": ("User: ", "\n"), "assistant": ("Bot: ", "\n")}, "Bot:"
    ),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-text-completion.html
    "claude-text": _Template(
        "",
        {"system": ("", ""), "user": ("\n\nHuman: ", ""), "assistant": ("\n\nAssistant: ", "")},
        "\n\nAssistant:",
    ),
}


def _templated(request: ChatRequest, losing: Losing, family: Family) -> str:
    plain = transcript(request, losing).prompt
    template = TEMPLATES.get(family)
    if template is None:
        return plain
    said = [template.begin]
    for message in request.messages:
        role = {"developer": "system", "tool": "user"}.get(message.role, message.role)
        before, after = template.turns[role]
        said.append(before + _text(message) + after)
    return "".join([*said, template.end])


def _encode_history(request: ChatRequest, losing: Losing, source: str, *, own: bool) -> tuple[str, Json]:
    """The last thing said, and what was said before it."""
    history: list[Json] = []
    said: Json = {}
    if not own:
        losing.losses += _declared(request, source)
    for message in request.messages[:-1]:
        if own and spelling(message.extensions, NAME, "place") == "preamble":
            said["preamble"] = _text(message)
            continue
        role = {"developer": "system", "tool": "user"}.get(message.role, message.role)
        history.append(
            {"role": _SPEAKERS[role], "message": _text(message), **fields_of(message.extensions, NAME)}
        )
    if history:
        said["chat_history"] = history
    return _text(request.messages[-1]) if request.messages else "", said


def _declared(request: ChatRequest, source: str) -> list[Loss]:
    """What a conversation of text only loses; that its turns become one prompt is not so here."""
    aside = Losing(request, source, NAME)
    transcript(request, aside)
    return [loss for loss in aside.losses if loss.code != "messages.transcript"]


def decode_response(body: Json, family: Family) -> ChatResponse:
    """Raises `Refused` if `body` is no answer of that family."""
    words, fields = WORDS[family], Fields(body, strict=False)
    usage = usage_of(body, words)
    for name in (words.read, words.written):
        if name:
            fields.any(name)
    items = list(fields.each(words.items)) if words.items else [fields]
    if not items:
        raise not_an_answer("dialects.upstream.not_answer", reason="no text")
    choices = tuple(
        _decode_item(item, words, place, apart=bool(words.items)) for place, item in enumerate(items)
    )
    written = body.get(words.read) if words.read else None
    raw: Json = {"~family": family, **({"~read": written} if written is not None else {})}
    given = fields.left.get("id") or fields.left.get("response_id")
    return ChatResponse(
        id=given if type(given) is str else "",
        choices=choices,
        usage=usage,
        extensions=extras(NAME, {**fields.left, **raw}),
    )


def _decode_item(item: Fields, words: Words, place: int, *, apart: bool) -> Choice:
    text, raw = _taken(item, words.text), _taken(item, words.reason)
    parts = (Text(text),) if type(text) is str else ()
    left = extras(NAME, item.left) if apart else {}
    return Choice(place, parts, decode_finish(raw), extensions=left)


def _taken(item: Fields, path: Sequence[str]) -> Any:
    """What stands at `path`; objects on the way keep what else is in them."""
    if len(path) == 1:
        return item.any(path[0])
    inner = item.inner(path[0])
    if inner is None:
        return None
    value = inner.any(path[1])
    item.left[path[0]] = inner.left
    return value


def usage_of(body: Json, words: Words) -> Usage:
    """Where a family counts in the body; the others do in headers."""
    read = _count(body.get(words.read)) if words.read else None
    items = body.get(words.items) if words.items else [body]
    written = [_count(item.get(words.written)) for item in items or () if type(item) is dict]
    told = [number for number in written if number is not None]
    if read is None and not told:
        return UNREPORTED
    return Usage(input=read or 0, output=sum(told))


def _count(value: Any) -> int | None:
    return int(value) if type(value) in {int, float} and 0 <= value < 2**53 else None


def encode_response(response: ChatResponse, source: str, family: Family) -> Encoded:
    """`response` for a client who asked in the words of `family`."""
    words, losses = WORDS[family], []
    own = source == NAME
    if not own:
        losses += list(foreign_losses(response.extensions, NAME, ""))
    left = fields_of(response.extensions, NAME) if own else {}
    items = []
    for choice in response.choices or (Choice(),):
        fields = fields_of(choice.extensions, NAME) if own else {}
        losses += [] if own else _lost_parts(choice)
        item = dict(fields)
        text = "".join([part.text for part in choice.parts if isinstance(part, Text | Refusal)])
        _put(item, words.text, text)
        if choice.finish is not None or not own:
            raw = choice.finish.raw if own and choice.finish else encode_finish(choice.finish, family)
            _put(item, words.reason, raw)
        items.append(item)
    if (
        words.written
        and (response.usage.reported or not own)
        and words.items
        and "tokenCount" not in items[0]
    ):
        items[0][words.written] = response.usage.output_total
    body: Json = {words.items: items} if words.items else items[0]
    if words.read and response.usage.reported:
        body[words.read] = response.usage.input_total
    if words.written and not words.items and response.usage.reported:
        body[words.written] = response.usage.output_total
    return Encoded(encode({**body, **left}), tuple(losses))


def _put(item: Json, path: Sequence[str], value: Any) -> None:
    if len(path) == 1:
        item[path[0]] = value
    else:
        item[path[0]] = {**(item.get(path[0]) or {}), path[1]: value}


def _lost_parts(choice: Choice) -> list[Loss]:
    kinds = [
        (place, str(getattr(part.__struct_config__, "tag", "part")))
        for place, part in enumerate(choice.parts)
        if not isinstance(part, Text | Refusal)
    ]
    return [
        Loss(
            f"part.{kind}", f"choices[{choice.index}].parts[{place}]", "meaning", "an answer holds text only"
        )
        for place, kind in kinds
    ]
