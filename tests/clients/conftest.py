"""Real clients against a running platform: local models, and three emulated hosts that speak one dialect each.

The hosts are one aimock process (npm, MIT). Through the provider `chatty` the gateway speaks OpenAI's chat to it,
through `typed` OpenAI's responses, through `wordy` Anthropic's dialect, so every client is tried in its own dialect
and in translation.
"""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.components import PATH
from tests.hosts import FakeHost, fake_host
from tests.running import Running, running

HERE = Path(__file__).resolve().parent

CONFIGURATION = """
[[providers]]
name = "chatty"
host = "custom"
base_url = "{url}/v1"
dialects = {{ openai-chat = "/chat/completions", openai-embeddings = "/embeddings" }}

[[providers]]
name = "wordy"
host = "custom"
base_url = "{url}"
dialects = {{ anthropic-messages = "/v1/messages" }}

[[providers]]
name = "typed"
host = "custom"
base_url = "{url}/v1"
dialects = {{ openai-responses = "/responses" }}

[[providers]]
name = "ranky"
host = "custom"
base_url = "{url}"
dialects = {{ cohere-chat = "/v2/chat", cohere-embed = "/v2/embed" }}

[[providers]]
name = "windy"
host = "custom"
base_url = "{url}/v1"
dialects = {{ mistral-chat = "/chat/completions", mistral-embeddings = "/embeddings" }}

[[providers]]
name = "replayed"
host = "custom"
base_url = "{replayed}"
dialects = {{ cohere-chat = "/v2/chat", cohere-embed = "/v2/embed", cohere-rerank = "/v2/rerank" }}

[[providers]]
name = "filled"
host = "custom"
base_url = "{replayed}"
dialects = {{ mistral-fim = "/fim" }}

[[providers]]
name = "voyaged"
host = "custom"
base_url = "{replayed}/voyage"
dialects = {{ voyage-rerank = "/rerank", voyage-embeddings = "/embeddings" }}

[[providers]]
name = "rocky"
host = "custom"
base_url = "{url}"
dialects = {{ bedrock-converse = "/model/{{model}}/converse" }}

[[providers]]
name = "invoked"
host = "custom"
base_url = "{url}"
dialects = {{ bedrock-invoke = "/model/{{model}}/invoke" }}

[[providers]]
name = "quarry"
host = "custom"
base_url = "{replayed}"

[providers.dialects]
bedrock-converse = "/model/{{model}}/converse"
bedrock-invoke = "/model/{{model}}/invoke"
bedrock-embed = "/model/{{model}}/invoke"

[[providers]]
name = "starry"
host = "custom"
base_url = "{url}/v1beta"

[providers.dialects]
gemini-generate = "/models/{{model}}"
gemini-embed = "/models/{{model}}:batchEmbedContents"
gemini-embed-content = "/models/{{model}}:embedContent"

[[providers]]
name = "recalled"
host = "custom"
base_url = "{replayed}/v1beta"

[providers.dialects]
gemini-generate = "/models/{{model}}"
gemini-embed = "/models/{{model}}:batchEmbedContents"

[rules.aliases]
"claude-*" = "wordy/claude-sonnet-4-5"
"gpt-*" = "chatty/gpt-4o"
"""

CHATTY, WORDY, TYPED = "chatty/gpt-4o", "wordy/claude-sonnet-4-5", "typed/gpt-4o"
"""The same answers from a host of each dialect."""
STARRY = "starry/gemini-2.5-flash"
"""The same from one that speaks the Gemini API."""
ROCKY = "rocky/us.anthropic.claude-sonnet-4-5-20250929-v1:0"
INVOKED = "invoked/anthropic.claude-3-5-sonnet-20241022-v2:0"
"""And from hosts that speak as Bedrock does, in its own words and in those of a maker."""
RANKY, WINDY = "ranky/command-a", "windy/mistral-medium-latest"
"""And from hosts that speak as Cohere's and Mistral's do."""

PING: Any = [{"role": "user", "content": "Say exactly: pong"}]
WEATHER: Any = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
"""What those two makers' clients ask and offer."""


@pytest.fixture(scope="session")
def npm(component: Callable[[str], Path]) -> Path:
    """The folder of the npm clients' programs."""
    return component("npm-clients") / ".bin"


@pytest.fixture(scope="session")
def hosts(npm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the emulated hosts."""
    log = tmp_path_factory.mktemp("hosts") / "log"
    command = [str(npm / "llmock"), "-p", "0", "-f", str(HERE / "fixtures"), "--log-level", "info"]
    with (
        log.open("w") as out,
        subprocess.Popen(command, stdout=out, stderr=out, env=environment()) as process,
    ):
        try:
            yield _address(process, log)
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    for _ in range(600):
        found = re.search(r"http://[\d.]+:(\d+)", log.read_text())
        if found:
            return found[0]
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            break
    raise AssertionError(f"the emulated hosts did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def replayed() -> Iterator[FakeHost]:
    """A host that answers what a test puts into it, a recording mostly."""
    with fake_host() as host:
        yield host


@pytest.fixture(scope="session")
def gateway(hosts: str, replayed: FakeHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A platform with the demo models and both hosts."""
    folder = tmp_path_factory.mktemp("clients")
    file = folder / "counterpoint.toml"
    file.write_text(CONFIGURATION.format(url=hosts, replayed=replayed.url))
    program = Path(sys.executable).with_name("counterpoint")
    with running([program], folder / "data", "--config", str(file)) as started:
        yield started


def environment(**more: str) -> dict[str, str]:
    """For a client's process: no network but this machine, a home of its own where it is given one."""
    kept = {name: os.environ[name] for name in ("LANG", "TMPDIR", "HOME") if name in os.environ}
    return {**kept, "PATH": PATH, "NO_PROXY": "*", **more}
