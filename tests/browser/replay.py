"""A host that gives recorded answers, at the pace that a test sets: what a page shows on the way can be looked at."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from counterpoint.testing.recordings import recordings

RECORDED = "test_handle_streaming_tool_calls_no_tools.yaml"
PATIENCE_SECONDS = 60.0


def recorded_stream(folder: Path) -> list[bytes]:
    """The events of one recorded answer of the chat completions API, as they came."""
    for each in recordings(folder, "openai-chat"):
        if each.file.endswith(RECORDED) and each.response_body.startswith(b"data:"):
            return [event + b"\n\n" for event in each.response_body.split(b"\n\n") if event.strip()]
    raise LookupError(RECORDED)


def told(text: str, *, prompt_tokens: int = 24) -> list[bytes]:
    """The events of an answer that says `text`, word by word."""
    words = [f"{word} " for word in text.split(" ")]
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_767_000_000, "model": "m"}
    usage = {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": len(words),
        "total_tokens": prompt_tokens + len(words),
    }
    chunks: list[dict[str, Any]] = [
        {**base, "choices": [{"index": 0, "delta": {"role": "assistant", "content": word}}]} for word in words
    ]
    chunks.append({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    chunks.append({**base, "choices": [], "usage": usage})
    return [b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks] + [b"data: [DONE]\n\n"]


def text_of(events: Sequence[bytes]) -> str:
    """What the answer says in the end."""
    chunks = [json.loads(event[6:]) for event in events if event.startswith(b"data: {")]
    return "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])


class ReplayedHost:
    """Speaks the chat completions API. `events`: of its answer. While it is `held`, an answer goes on only as far as
    it is let: `let(5)` gives five events more."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = "sk-replayed"
        self.models = ["gpt-4o", "gpt-4o-mini"]
        self.events = told("A counterpoint is several voices that are each a melody and sound well together.")
        self._held = False
        self._allowed = threading.Semaphore(0)

    def hold(self) -> None:
        """From now on nothing comes unasked."""
        self._held = True
        self._allowed = threading.Semaphore(0)

    def let(self, count: int) -> None:
        """So many events more."""
        for _ in range(count):
            self._allowed.release()

    def free(self) -> None:
        """All the rest, and from now on everything at once."""
        self._held = False
        self.let(len(self.events) + 1)

    def stream(self) -> Iterator[bytes]:
        """The events at the pace that is set. Raises `TimeoutError` when a test forgot about it."""
        for event in list(self.events):
            if self._held and not self._allowed.acquire(timeout=PATIENCE_SECONDS):
                raise TimeoutError
            yield event

    def whole(self) -> dict[str, Any]:
        """The same answer in one piece."""
        usage = next(
            chunk["usage"]
            for event in self.events
            if event.startswith(b"data: {") and (chunk := json.loads(event[6:])).get("usage")
        )
        message = {"role": "assistant", "content": text_of(self.events)}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_767_000_000,
            "model": self.models[0],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": usage,
        }


@contextmanager
def replayed_host(port: int = 0) -> Iterator[ReplayedHost]:
    """A running one, on a free port unless one is named; its OpenAI-like API is at `url` + `/v1`."""
    host = ReplayedHost()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            listed = {"object": "list", "data": [{"id": model, "object": "model"} for model in host.models]}
            self._answer(200 if self._is_known() else 401, listed if self._is_known() else REFUSAL)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if not self._is_known():
                self._answer(401, REFUSAL)
            elif not asked.get("stream"):
                self._answer(200, host.whole())
            else:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("connection", "close")
                self.end_headers()
                for event in host.stream():
                    self.wfile.write(event)
                    self.wfile.flush()

        def _is_known(self) -> bool:
            return self.headers.get("authorization") == f"Bearer {host.secret}"

        def _answer(self, status: int, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server calls it
            """Tests are quiet."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True  # whoever asked has left

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield host
    finally:
        host.free()
        server.shutdown()
        thread.join()
        server.server_close()


REFUSAL = {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}}
