"""Vercel's AI SDK, in Node, over either dialect."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import CHATTY, HERE, WORDY, environment
from tests.running import Running


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
@pytest.mark.parametrize("model", [CHATTY, WORDY, "smollm2-135m-instruct"])
def test_it_generates_streams_calls_tools_and_parses(
    gateway: Running, npm: Path, kind: str, model: str
) -> None:
    hosted = "/" in model
    more = {"TOOLS": "1"} if hosted else {}
    ran = subprocess.run(
        ["node", HERE / "scripts" / "ai-sdk.mjs"],
        env=environment(GATEWAY=gateway.gateway, KEY=gateway.key, MODEL=model, KIND=kind, **more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])  # its own warnings come before
    assert found["text"]
    assert found["streamed"]
    assert found["outputTokens"] > 0
    assert found["finish"] in ("stop", "length")
    if hosted:
        assert found["text"] == found["streamed"] == "pong"
        assert found["called"] == [{"city": "Paris"}]
        assert "21" in found["answer"]
        assert found["person"] == {"name": "Ada", "age": 36}
    if kind == "openai":
        assert found["dimensions"] == 384
