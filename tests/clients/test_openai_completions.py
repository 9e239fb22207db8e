"""OpenAI's own SDK, unmodified, with its older API: hosts of each dialect, one that serves completions alone, and local
models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from counterpoint.directory import Directory, Host, Key
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from tests.clients.conftest import CHATTY, TYPED, WORDY
from tests.replaying import Replaying, Served, Told, replaying, serving
from tests.running import Running

pytestmark = pytest.mark.xdist_group("clients")

LOCAL = "smollm2-135m-instruct"
HOSTS = [CHATTY, WORDY, TYPED]
PING = "Say exactly: pong"


@pytest.fixture(scope="module")
def client(gateway: Running) -> Iterator[openai.OpenAI]:
    url = f"{gateway.gateway}/v1"
    with openai.OpenAI(base_url=url, api_key=gateway.key, max_retries=0, timeout=60) as opened:
        yield opened


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_prompt_is_answered_and_declared_to_be_a_message(client: openai.OpenAI, model: str) -> None:
    raw = client.completions.with_raw_response.create(model=model, prompt=PING, max_tokens=16, temperature=0)
    answer = raw.parse()
    assert answer.object == "text_completion"
    assert answer.choices[0].text
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.usage is not None
    assert answer.usage.completion_tokens > 0
    assert "field.prompt;degraded;prompt" in raw.headers["x-counterpoint-losses"]
    if model != LOCAL:
        assert answer.choices[0].text == "pong"


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_an_answer_is_streamed(client: openai.OpenAI, model: str) -> None:
    stream = client.completions.create(
        model=model, prompt=[PING], max_tokens=16, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(choice.text for chunk in chunks for choice in chunk.choices)
    assert [chunk.usage is not None for chunk in chunks][-1]
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices][-1] in ("stop", "length")


@pytest.mark.parametrize("model", [CHATTY, LOCAL])
def test_the_prompt_is_echoed(client: openai.OpenAI, model: str) -> None:
    answer = client.completions.create(model=model, prompt=PING, max_tokens=8, echo=True)
    assert answer.choices[0].text.startswith(PING)
    stream = client.completions.create(model=model, prompt=PING, max_tokens=8, echo=True, stream=True)
    assert "".join(choice.text for chunk in stream for choice in chunk.choices).startswith(PING)


def test_errors_are_the_sdks_own(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="smollm2"):
        client.completions.create(model="smolm2-135m", prompt=PING)
    tokens: Any = [15, 16]
    for prompt in (tokens, [PING, PING]):
        for model in (CHATTY, LOCAL):
            with pytest.raises(openai.BadRequestError) as refused:
                client.completions.create(model=model, prompt=prompt)
            assert (refused.value.code, refused.value.param) == ("untranslatable", "prompt")
    with pytest.raises(openai.BadRequestError) as wrong:
        client.completions.create(model=LOCAL, prompt=5)  # type: ignore[call-overload]
    assert wrong.value.param == "prompt"


# A host of base models, replayed

KEY = "ck-replayed"
ANSWER = {
    "id": "cmpl-1",
    "object": "text_completion",
    "created": 7,
    "model": "base",
    "choices": [
        {"index": 0, "text": " upon a time", "logprobs": None, "finish_reason": "length", "stop_reason": None}
    ],
    "usage": {"prompt_tokens": 1, "completion_tokens": 3, "total_tokens": 4},
}


@pytest.fixture
def host() -> Iterator[Replaying]:
    with replaying() as running:
        running.told["POST", "/v1/completions"] = Told((json.dumps(ANSWER).encode(),))
        yield running


@pytest.fixture
def served(host: Replaying, tmp_path: Path) -> Iterator[Served]:
    server = Host("base", host.url, {"openai-completions-legacy": "/v1/completions"})
    key = Key("k", "replayed", "p", "o")
    with serving(
        Directory(1, {digest_of(KEY): key}, {"base": server}, projects={"p": Project("p", "p")}), tmp_path
    ) as running:
        yield running


@pytest.fixture
def speaking(served: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{served.url}/v1", api_key=KEY, max_retries=0) as opened:
        yield opened


def test_its_own_callers_pass_whatever_they_send(host: Replaying, speaking: openai.OpenAI) -> None:
    more = {"guided_regex": "[a-z ]+"}
    answer = speaking.completions.create(
        model="base/base", prompt=[[1, 2], [3]], best_of=2, suffix="end", logprobs=1, extra_body=more
    )
    assert answer.choices[0].text == " upon a time"
    sent = json.loads(host.asked[-1].body)
    assert sent == {
        "model": "base",
        "prompt": [[1, 2], [3]],
        "best_of": 2,
        "suffix": "end",
        "logprobs": 1,
        **more,
    }


def test_its_stream_is_passed_on(host: Replaying, served: Served, speaking: openai.OpenAI) -> None:
    chunk = {**ANSWER, "usage": None}
    last = {**ANSWER, "choices": []}
    frames = [f"data: {json.dumps(item)}\n\n".encode() for item in (chunk, last)] + [b"data: [DONE]\n\n"]
    host.told["POST", "/v1/completions"] = Told(frames, "text/event-stream")
    stream = speaking.completions.create(model="base/base", prompt="Once", stream=True)
    assert "".join(choice.text for item in stream for choice in item.choices) == " upon a time"
    assert json.loads(host.asked[-1].body)["stream_options"] == {"include_usage": True}
    (entry,) = served.entries()
    assert (entry.usage.input, entry.usage.output, entry.finish) == (1, 3, "length")


def test_a_chat_with_a_base_model_becomes_a_prompt_and_says_so(
    host: Replaying, speaking: openai.OpenAI
) -> None:
    raw = speaking.chat.completions.with_raw_response.create(
        model="base/base",
        messages=[{"role": "system", "content": "Tell tales."}, {"role": "user", "content": "Once"}],
        max_tokens=9,
    )
    assert raw.parse().choices[0].message.content == " upon a time"
    assert json.loads(host.asked[-1].body) == {
        "model": "base",
        "prompt": "System: Tell tales.\n\nUser: Once\n\nAssistant:",
        "max_tokens": 9,
    }
    assert "messages.transcript;degraded;messages[0]" in raw.headers["x-counterpoint-losses"]
