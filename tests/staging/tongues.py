"""Four dialects as caller and host speak them: what is asked, a good answer in pieces, and how to read what came back.

Written down by hand from the vendors' references, so that what is tried with them is not measured by itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.staging.answers import Answer, error_message

CHAT, MESSAGES, RESPONSES, GEMINI = "openai-chat", "anthropic-messages", "openai-responses", "gemini-generate"
TEXT = "Hello you"
Json = dict[str, Any]


@dataclass(frozen=True)
class Tongue:
    """`path`: of the door, `{model}` in it where the dialect has the model there. `asks`: the body without its model.
    `whole`: a good answer; `events`: the same in pieces, of which the first `begun` say something to the caller and
    the last `ends` are of no matter to him. `last`: how a stream that went well ends; `error`: how a host fails."""

    name: str
    path: str
    asks: Json
    whole: bytes
    events: tuple[bytes, ...]
    last: bytes
    error: Json
    begun: int
    stream_path: str = ""

    def target(self, model: str, *, streamed: bool) -> str:
        """Where a call goes."""
        return ((self.stream_path if streamed else "") or self.path).replace("{model}", model)

    def body(self, model: str, *, streamed: bool) -> bytes:
        """What is sent there."""
        named = {} if "{model}" in self.path else {"model": model, "stream": streamed}
        return json.dumps({**named, **self.asks}).encode()

    def text(self, answer: Answer) -> str:
        """The words of a good whole answer."""
        return _TEXTS[self.name](answer.json)

    def told(self, events: list[Any]) -> str:
        """The words in the events of a stream."""
        return "".join(map(_PIECES[self.name], events))

    def refusal(self, answer: Answer) -> str:
        """The message of an error, whose shape must be the dialect's."""
        assert answer.whole
        assert answer.headers["content-type"] == "application/json", answer
        return self.complaint(answer.json, answer.status)

    def failing(self, status: int) -> bytes:
        """The body of a host's error with that status."""
        error = dict(self.error["error"])
        if self.name == GEMINI:
            error |= {"code": status, "status": _GEMINI_WORDS.get(status, "INTERNAL")}
        else:
            types = _MESSAGES_TYPES if self.name == MESSAGES else _OPENAI_TYPES
            error["type"] = types.get(status, error["type"])
        return json.dumps({**self.error, "error": error}).encode()

    def stream_error(self) -> bytes:
        """An event by which a host says that it has failed."""
        if self.name == RESPONSES:
            told = {"code": "server_error", "message": "boom", "param": None, "sequence_number": self.begun}
            return _event({"type": "error", **told}, "error")
        return _event(self.error, "error" if self.name == MESSAGES else "")

    def complaint(self, body: Any, status: int | None = None) -> str:
        """The message of an error object. `status`: what it was sent with, unless as the event of a stream."""
        if self.name == GEMINI:
            error = body["error"]
            assert isinstance(error["code"], int), body
            assert error["status"].isupper(), body
            assert isinstance(error["message"], str), body
            return str(error["message"])
        if self.name == RESPONSES and status is None:
            if body["type"] == "response.failed":
                assert body["response"]["status"] == "failed"
                return str(body["response"]["error"]["message"])
            assert body["type"] == "error", body
            assert isinstance(body["sequence_number"], int), body
            return str(body["message"])
        return error_message(body, MESSAGES if self.name == MESSAGES else CHAT, status)


def _event(value: Json, name: str = "") -> bytes:
    data = b"data: %s\n\n" % json.dumps(value).encode()
    return b"event: %s\n%s" % (name.encode(), data) if name else data


def _named(*values: Json) -> tuple[bytes, ...]:
    return tuple(_event(value, value["type"]) for value in values)


_ASKED = [{"role": "user", "content": "hi"}]
_OPENAI_ERROR: Json = {"error": {"message": "boom", "type": "server_error", "code": None, "param": None}}


def _chunk(delta: Json, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _event(
        {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    )


_CHAT = Tongue(
    CHAT,
    "/v1/chat/completions",
    {"messages": _ASKED},
    json.dumps(
        {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}
            ],
            "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
        }
    ).encode(),
    (
        _chunk({"role": "assistant", "content": ""}),
        _chunk({"content": "Hello"}),
        _chunk({"content": " you"}),
        _chunk({}, "stop"),
        _event(
            {
                "id": "c1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [],
                "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
            }
        ),
        b"data: [DONE]\n\n",
    ),
    b"data: [DONE]\n\n",
    _OPENAI_ERROR,
    2,
)

_MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m"}
_MESSAGES = Tongue(
    MESSAGES,
    "/v1/messages",
    {"messages": _ASKED, "max_tokens": 20},
    json.dumps(
        {
            **_MESSAGE,
            "content": [{"type": "text", "text": TEXT}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 3, "output_tokens": 2},
        }
    ).encode(),
    _named(
        {
            "type": "message_start",
            "message": {
                **_MESSAGE,
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": {"input_tokens": 3, "output_tokens": 1},
            },
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": " you"}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 2},
        },
        {"type": "message_stop"},
    ),
    b'"type":"message_stop"',
    {"type": "error", "error": {"type": "api_error", "message": "boom"}},
    3,
)

_ITEM = {"id": "msg_1", "type": "message", "role": "assistant"}
_PART = {"type": "output_text", "text": TEXT, "annotations": [], "logprobs": []}
_DONE_ITEM = {**_ITEM, "status": "completed", "content": [_PART]}
_PLACE: Json = {"item_id": "msg_1", "output_index": 0, "content_index": 0}


def _response(status: str, output: list[Json], usage: Json | None) -> Json:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": "m",
        "output": output,
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": usage,
    }


_USED = {
    "input_tokens": 3,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 2,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 5,
}
_STEPS: tuple[Json, ...] = (
    {"type": "response.created", "response": _response("in_progress", [], None)},
    {
        "type": "response.output_item.added",
        "output_index": 0,
        "item": {**_ITEM, "status": "in_progress", "content": []},
    },
    {"type": "response.content_part.added", **_PLACE, "part": {**_PART, "text": ""}},
    {"type": "response.output_text.delta", **_PLACE, "delta": "Hello", "logprobs": []},
    {"type": "response.output_text.delta", **_PLACE, "delta": " you", "logprobs": []},
    {"type": "response.output_text.done", **_PLACE, "text": TEXT, "logprobs": []},
    {"type": "response.content_part.done", **_PLACE, "part": _PART},
    {"type": "response.output_item.done", "output_index": 0, "item": _DONE_ITEM},
    {"type": "response.completed", "response": _response("completed", [_DONE_ITEM], _USED)},
)
_RESPONSES = Tongue(
    RESPONSES,
    "/v1/responses",
    {"input": "hi", "store": False},
    json.dumps(_response("completed", [_DONE_ITEM], _USED)).encode(),
    tuple(
        _event({**value, "sequence_number": number}, str(value["type"]))
        for number, value in enumerate(_STEPS)
    ),
    b'"type":"response.completed"',
    _OPENAI_ERROR,
    4,
)

_SPENT = {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5}


def _candidate(text: str, finish: str | None = None, usage: Json | None = None) -> Json:
    candidate: Json = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {
        "candidates": [candidate],
        "usageMetadata": usage or {"promptTokenCount": 3, "totalTokenCount": 3},
        "modelVersion": "m",
        "responseId": "r1",
    }


_GEMINI = Tongue(
    GEMINI,
    "/v1beta/models/{model}:generateContent",
    {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]},
    json.dumps(_candidate(TEXT, "STOP", _SPENT)).encode(),
    (_event(_candidate("Hello")), _event(_candidate(" you")), _event(_candidate("", "STOP", _SPENT))),
    b'"finishReason":"STOP"',
    {"error": {"code": 500, "message": "boom", "status": "INTERNAL"}},
    1,
    "/v1beta/models/{model}:streamGenerateContent?alt=sse",
)

TONGUES: Mapping[str, Tongue] = {item.name: item for item in (_CHAT, _MESSAGES, _RESPONSES, _GEMINI)}
HOST_PATHS = {
    CHAT: "/v1/chat/completions",
    MESSAGES: "/v1/messages",
    RESPONSES: "/v1/responses",
    GEMINI: "/v1beta/models/{model}",
}
"""What a host's row says of where its dialects are."""

_OPENAI_TYPES = {
    400: "invalid_request_error",
    401: "invalid_request_error",
    403: "permission_error",
    404: "invalid_request_error",
    429: "rate_limit_error",
}
_MESSAGES_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}
_GEMINI_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    529: "UNAVAILABLE",
}

_TEXTS = {
    CHAT: lambda body: str(body["choices"][0]["message"]["content"]),
    MESSAGES: lambda body: "".join(block["text"] for block in body["content"]),
    RESPONSES: lambda body: "".join(
        part["text"] for item in body["output"] if item["type"] == "message" for part in item["content"]
    ),
    GEMINI: lambda body: "".join(part.get("text", "") for part in body["candidates"][0]["content"]["parts"]),
}


def _chat_piece(event: Any) -> str:
    return "".join(choice["delta"].get("content") or "" for choice in event.get("choices", ()))


def _gemini_piece(event: Any) -> str:
    parts = [item.get("content", {}).get("parts", ()) for item in event.get("candidates", ())]
    return "".join(part.get("text", "") for some in parts for part in some)


_PIECES = {
    CHAT: _chat_piece,
    MESSAGES: lambda event: (
        str(event["delta"].get("text", "")) if event["type"] == "content_block_delta" else ""
    ),
    RESPONSES: lambda event: str(event["delta"]) if event["type"] == "response.output_text.delta" else "",
    GEMINI: _gemini_piece,
}
