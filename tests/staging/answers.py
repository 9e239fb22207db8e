"""What came back to a client, taken apart strictly: bytes to HTTP, HTTP to a dialect's errors and events."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.staging.words import ANTHROPIC, HOST_SECRET, OPENAI, SECRET


class Answer(NamedTuple):
    """One response. `whole`: it ended as its framing said it would."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def answers(data: bytes) -> list[Answer]:
    """Everything that came back on a connection, which must be HTTP to the last byte."""
    found = []
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        assert end, head
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1"
        if status == "100":
            continue
        headers = {}
        for line in lines:
            name, colon, value = line.partition(": ")
            assert colon
            assert name.lower() not in headers, line
            assert all(32 <= ord(letter) != 127 for letter in line), line
            headers[name.lower()] = value
        body, whole, data = _body(headers, data)
        found.append(Answer(int(status), headers, body, whole))
    return found


def _body(headers: Mapping[str, str], data: bytes) -> tuple[bytes, bool, bytes]:
    if "content-length" in headers:
        length = int(headers["content-length"])
        return data[:length], len(data) >= length, data[length:]
    if "transfer-encoding" not in headers:
        return data, True, b""
    body = b""
    while True:
        line, end, rest = data.partition(b"\r\n")
        size = int(line, 16) if end else 0
        if not end or len(rest) < size + 2:
            return body, False, b""
        body, data = body + rest[:size], rest[size + 2 :]
        if not size:
            return body, True, data


ERROR_TYPES = {
    OPENAI: {
        400: {"invalid_request_error"},
        401: {"authentication_error", "invalid_request_error"},
        403: {"permission_error"},
        404: {"not_found_error", "invalid_request_error"},
        429: {"rate_limit_error"},
        **{status: {"invalid_request_error"} for status in (405, 408, 413, 414, 415, 417, 422, 431, 505)},
        **{status: {"server_error"} for status in (500, 502, 503, 504)},
    },
    ANTHROPIC: {
        401: {"authentication_error"},
        403: {"permission_error"},
        404: {"not_found_error"},
        408: {"timeout_error"},
        413: {"request_too_large"},
        429: {"rate_limit_error"},
        500: {"api_error"},
        502: {"api_error"},
        503: {"api_error"},
        504: {"timeout_error"},
        529: {"overloaded_error"},
        **{status: {"invalid_request_error"} for status in (400, 405, 414, 415, 417, 422, 431, 505)},
    },
}
_NEVER = ("Traceback", 'File "', SECRET, HOST_SECRET)
LARGEST_ERROR = 20_000


def refusal(answer: Answer, dialect: str) -> str:
    """The message of an error, which must have the shape and type that `dialect` has for its status."""
    assert answer.whole
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.body) < LARGEST_ERROR
    return error_message(answer.json, dialect, answer.status)


def error_message(body: Any, dialect: str, status: int | None = None) -> str:
    """The message of an error object. `status`: what it was sent with, unless as the event of a stream."""
    family = ANTHROPIC if dialect == ANTHROPIC else OPENAI
    if family == ANTHROPIC:
        assert body["type"] == "error"
    error = body["error"]
    assert isinstance(error["type"], str)
    assert error["type"]
    if status is not None:
        assert error["type"] in ERROR_TYPES[family][status], (status, error)
    message = error["message"]
    assert isinstance(message, str)
    assert message
    text = json.dumps(body)
    assert not [word for word in _NEVER if word in text], text
    return message


def frames(answer: Answer, dialect: str) -> list[Any]:
    """The events of a streamed answer, each of which must be whole and JSON (but for `[DONE]`)."""
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.whole
    text = answer.body.decode()
    assert text.endswith("\n\n")
    found = []
    for block in text.split("\n\n")[:-1]:
        data = [line[5:].strip() for line in block.split("\n") if line.startswith("data:")]
        if data and data != ["[DONE]"]:
            found.append(json.loads("".join(data)))
    return found
