"""What is kept and told of calls and acts holds no secret, and nothing of what callers say."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.canary import CANARY, leaked
from tests.running import running

PROMPT = "a-prompt-that-is-nobodys-business"
ADMIN_TOKEN = f"{CANARY}-operator"
ANSWER = {
    "id": "x",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": PROMPT}}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}


class World:
    """A host of models and a collector of telemetry in one; `collected`: what the latter got."""

    def __init__(self) -> None:
        self.collected: dict[str, bytes] = {}
        self.secrets: set[str] = set()
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                answer = b""
                if self.path == "/v1/chat/completions":
                    world.secrets.add(self.headers["authorization"])
                    answer = json.dumps(ANSWER).encode()
                else:
                    world.collected[self.path] = world.collected.get(self.path, b"") + body
                self.send_response(500 if b"fail" in body and answer else 200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def world() -> Iterator[World]:
    found = World()
    yield found
    found.server.shutdown()
    found.server.server_close()


def configuration(world: World) -> str:
    return f"""
[models]
pull = []
[ledger]
commit = "database"
[audit]
anchor = "anchors"
[telemetry]
endpoint = "{world.url}"
headers = {{ authorization = "env:CANARY_COLLECTOR" }}
[[providers]]
name = "fake"
host = "custom"
base_url = "{world.url}/v1"
models = ["m"]
secret = "env:CANARY_SECRET"
dialects = {{ openai-chat = "/chat/completions" }}
"""


def test_nothing_that_is_kept_or_told_holds_a_secret_or_a_prompt(world: World, tmp_path: Path) -> None:
    file, data = tmp_path / "counterpoint.toml", tmp_path / "data"
    file.write_text(configuration(world))
    environment = {
        **os.environ,
        "COUNTERPOINT_ADMIN_TOKEN": ADMIN_TOKEN,
        "COUNTERPOINT_DEMO_KEY": f"{CANARY}-demo-key",
        "CANARY_SECRET": f"{CANARY}-host",
        "CANARY_COLLECTOR": f"{CANARY}-collector",
    }
    program = Path(sys.executable).with_name("counterpoint")
    with running([program], data, "--config", str(file), environment=environment) as platform:

        def admin(method: str, path: str, body: Any = None, token: str = ADMIN_TOKEN) -> bytes:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            given = None if body is None else json.dumps(body).encode()
            request = Request(platform.studio + path, given, headers, method=method)
            try:
                with urlopen(request, timeout=60) as answer:
                    found: bytes = answer.read()
            except HTTPError as error:
                found = error.read()
            return found

        for prompt in (PROMPT, f"{PROMPT} fail"):
            asked = {"model": "fake/m", "messages": [{"role": "user", "content": prompt}]}
            with contextlib.suppress(HTTPError):  # the second one fails at the host
                platform.call("/v1/chat/completions", asked)
        admin("POST", "/api/v1/session/token", {"token": f"{CANARY}-guess"})
        admin("POST", "/api/v1/session", {"login": "ada", "password": f"{CANARY}-password"})
        admin("PUT", "/api/v1/providers/fake/secret", {"secret": f"{CANARY}-new"})
        provider = {"name": "other", "host": "custom", "base_url": world.url, "secret": f"{CANARY}-other"}
        admin("POST", "/api/v1/providers", provider)
        admin("POST", "/api/v1/keys", {"name": "k"}, token=f"{CANARY}-wrong")
        time.sleep(1.5)  # the shipper's second
        kept = ("/api/v1/audit/export", "/api/v1/usage/export", "/metrics", "/api/v1/providers")
        for path in (*kept, "/api/v1/status", "/api/v1/keys"):
            (tmp_path / f"export{path.replace('/', '-')}").write_bytes(admin("GET", path))
        assert platform.stop() == 0
    assert world.secrets == {f"Bearer {CANARY}-host"}
    assert {"/v1/traces", "/v1/metrics"} <= set(world.collected)
    for path, body in world.collected.items():
        (tmp_path / f"collected{path.replace('/', '-')}").write_bytes(body)
    lines = (tmp_path / "export-api-v1-audit-export").read_bytes()
    assert b'"what":"session"' in lines or b"POST /api/v1/session" in lines
    verified = subprocess.run(
        [program, "audit", "verify", str(tmp_path / "export-api-v1-audit-export")],
        capture_output=True,
        check=False,
        env={**os.environ, "COUNTERPOINT_LANG": "en"},
    )
    assert verified.returncode == 0, verified.stderr
    assert leaked(tmp_path) == []
    assert leaked(tmp_path, PROMPT) == []
