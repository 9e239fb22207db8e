"""Ollama's own SDK and LangChain's model for it, unmodified: against hosts of each dialect, a server of Ollama's that
is replayed, and local models."""

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import ollama
import pytest
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_ollama import ChatOllama, OllamaEmbeddings
from pydantic import BaseModel

from counterpoint.catalog.hosts import bundled_hosts
from counterpoint.directory import Directory, Host, Key
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from tests.clients.conftest import CHATTY, TYPED, WORDY
from tests.replaying import Replaying, Served, Told, replaying, serving
from tests.running import Running

pytestmark = pytest.mark.xdist_group("clients")

LOCAL = "smollm2-135m-instruct"
EMBEDDER = "multilingual-e5-small"
HOSTS = [CHATTY, WORDY, TYPED]
PING = [{"role": "user", "content": "Say exactly: pong"}]
WEATHER: list[Any] = [{"role": "user", "content": "What is the weather in Paris?"}]
FEW = {"num_predict": 16, "temperature": 0.0, "num_ctx": 512}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: str) -> str:
    """The weather in a city.

    Args:
        city: Its name.
    """
    return f"21 degrees in {city}"


@pytest.fixture(scope="module")
def client(gateway: Running) -> Iterator[ollama.Client]:
    headers = {"authorization": f"Bearer {gateway.key}"}
    with ollama.Client(gateway.gateway, headers=headers, timeout=60) as opened:
        yield opened


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_question_is_answered(client: ollama.Client, model: str) -> None:
    answer = client.chat(model, PING, options=FEW)
    assert answer.message.content
    assert answer.done
    assert answer.done_reason in ("stop", "length")
    assert answer.eval_count
    if model != LOCAL:
        assert answer.message.content == "pong"


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_an_answer_is_streamed(client: ollama.Client, model: str) -> None:
    pieces = list(client.chat(model, PING, options=FEW, stream=True))
    assert "".join(piece.message.content or "" for piece in pieces)
    assert [piece.done for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert pieces[-1].eval_count
    assert (pieces[-1].total_duration or 0) >= (pieces[-1].eval_duration or 0) >= 0


def test_many_streams_at_once(gateway: Running) -> None:
    async def one(client: ollama.AsyncClient, model: str) -> str:
        stream = await client.chat(model, PING, options=FEW, stream=True)
        return "".join([piece.message.content or "" async for piece in stream])

    async def all_of_them() -> list[str]:
        headers = {"authorization": f"Bearer {gateway.key}"}
        async with ollama.AsyncClient(gateway.gateway, headers=headers, timeout=60) as client:
            return await asyncio.gather(*(one(client, model) for model in (*HOSTS, LOCAL) * 3))

    answers = asyncio.run(all_of_them())
    assert all(answers)
    assert answers.count("pong") == 9


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_prompt_is_answered_whole_and_streamed(client: ollama.Client, model: str) -> None:
    answer = client.generate(model, "Say exactly: pong", system="Be brief.", options=FEW)
    assert answer.response
    pieces = list(client.generate(model, "Say exactly: pong", options=FEW, stream=True))
    assert "".join(piece.response or "" for piece in pieces)
    assert pieces[-1].done_reason in ("stop", "length")


@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_is_called_and_its_result_used(client: ollama.Client, model: str) -> None:
    answer = client.chat(model, WEATHER, tools=[get_weather])
    (call,) = answer.message.tool_calls or ()
    assert (call.function.name, dict(call.function.arguments)) == ("get_weather", {"city": "Paris"})
    result = {"role": "tool", "tool_name": "get_weather", "content": get_weather("Paris")}
    again = client.chat(model, [*WEATHER, answer.message, result], tools=[get_weather])
    assert "21" in (again.message.content or "")


@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_call_is_streamed(client: ollama.Client, model: str) -> None:
    pieces = list(client.chat(model, WEATHER, tools=[get_weather], stream=True))
    (call,) = [call for piece in pieces for call in piece.message.tool_calls or ()]
    assert dict(call.function.arguments) == {"city": "Paris"}


@pytest.mark.parametrize("model", HOSTS)
def test_an_answer_has_the_form_asked_for(client: ollama.Client, model: str) -> None:
    said = [{"role": "user", "content": "Ada, as JSON"}]
    answer = client.chat(model, said, format=Person.model_json_schema())
    assert Person.model_validate_json(answer.message.content or "") == Person(name="Ada", age=36)


def test_a_local_models_answer_has_the_form_asked_for(client: ollama.Client) -> None:
    form = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 12},
            "age": {"type": "integer", "maximum": 150},
        },
        "required": ["name", "age"],
    }
    said = [{"role": "user", "content": "Ada is 36 years old."}]
    answer = client.chat(LOCAL, said, format=form, options={"num_predict": 80, "temperature": 0.0})
    assert set(json.loads(answer.message.content or "")) == {"name", "age"}


def test_texts_become_vectors(client: ollama.Client) -> None:
    answer = client.embed(EMBEDDER, ["bonjour", "hello"])
    assert [len(vector) for vector in answer.embeddings] == [384, 384]
    assert answer.prompt_eval_count
    older = client.embeddings(EMBEDDER, "bonjour")
    assert list(older.embedding) == pytest.approx(list(answer.embeddings[0]), abs=1e-5)


def test_models_are_listed_and_described(client: ollama.Client) -> None:
    listed = {model.model: model for model in client.list().models}
    local = listed[f"local/{LOCAL}"]
    assert (local.size or 0) > 1_000_000
    assert local.details is not None
    assert (local.details.format, local.details.family) == ("gguf", "llama")
    assert local.details.parameter_size
    assert len(local.digest or "") == 64
    shown = client.show(f"{LOCAL}:latest")
    assert "completion" in (shown.capabilities or ())
    assert (shown.modelinfo or {})["llama.context_length"]


def test_a_model_is_loaded_seen_and_unloaded(client: ollama.Client) -> None:
    assert client.generate(LOCAL, keep_alive="5m").done_reason == "load"
    assert client.chat(LOCAL, []).done_reason == "load"
    assert client.chat(CHATTY, []).done_reason == "load"
    assert client.chat(LOCAL, [], keep_alive=0).done_reason == "unload"
    assert all(model.model for model in client.ps().models)


def test_errors_are_the_sdks_own(client: ollama.Client, gateway: Running) -> None:
    with pytest.raises(ollama.ResponseError, match="smollm2") as unknown:
        client.chat("smolm2-135m", PING)
    assert unknown.value.status_code == 404
    strange = ollama.Client(gateway.gateway, headers={"authorization": "Bearer wrong"})
    with strange, pytest.raises(ollama.ResponseError) as stranger:
        strange.list()
    assert stranger.value.status_code == 401
    with pytest.raises(ollama.ResponseError, match="runs this gateway") as pulled:
        client.pull(LOCAL)
    assert pulled.value.status_code == 403
    with pytest.raises(ollama.ResponseError, match="context"):
        client.chat(LOCAL, [{"role": "user", "content": "word " * 20_000}])
    with pytest.raises(ollama.ResponseError, match="temperature"):
        client.chat(LOCAL, PING, options={"temperature": 9.0})


# LangChain


@tool
def weather_of(city: str) -> str:
    """The weather in a city."""
    return f"21 degrees in {city}"


@contextmanager
def closing(model: Any) -> Iterator[Any]:
    """LangChain leaves its clients open."""
    try:
        yield model
    finally:
        model._client.close()
        asyncio.run(model._async_client.close())


def chain(gateway: Running, model: str, **more: Any) -> AbstractContextManager[ChatOllama]:
    headers = {"headers": {"authorization": f"Bearer {gateway.key}"}}
    return closing(ChatOllama(model=model, base_url=gateway.gateway, client_kwargs=headers, **more))


@pytest.mark.parametrize("model", [CHATTY, WORDY, LOCAL])
def test_langchain_is_answered_and_streams(gateway: Running, model: str) -> None:
    with chain(gateway, model, num_predict=16) as chat:
        answer = chat.invoke("Say exactly: pong")
        assert answer.text
        assert answer.usage_metadata is not None
        assert answer.usage_metadata["output_tokens"] > 0
        assert "".join(chunk.text for chunk in chat.stream("Say exactly: pong"))


@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_a_tool_goes_round_in_langchain(gateway: Running, model: str) -> None:
    with chain(gateway, model) as bare:
        chat = bare.bind_tools([weather_of.model_copy(update={"name": "get_weather"})])
        asked = HumanMessage("What is the weather in Paris?")
        answer = chat.invoke([asked])
        (call,) = answer.tool_calls
        assert call["args"] == {"city": "Paris"}
        result = ToolMessage("21 degrees", tool_call_id=call["id"])
        assert "21" in chat.invoke([asked, answer, result]).text


def test_langchain_makes_vectors(gateway: Running) -> None:
    headers = {"headers": {"authorization": f"Bearer {gateway.key}"}}
    model = OllamaEmbeddings(model=EMBEDDER, base_url=gateway.gateway, client_kwargs=headers)
    with closing(model) as embeddings:
        assert len(embeddings.embed_query("bonjour")) == 384


# A server of Ollama's, replayed

KEY = "ck-replayed"


@pytest.fixture
def host() -> Iterator[Replaying]:
    with replaying() as running:
        yield running


@pytest.fixture
def served(host: Replaying, tmp_path: Path) -> Iterator[Served]:
    row = bundled_hosts()["ollama"]
    server = Host("box", host.url, row.dialects, quirks=frozenset(row.quirks))
    key = Key("k", "replayed", "p", "o")
    with serving(
        Directory(1, {digest_of(KEY): key}, {"box": server}, projects={"p": Project("p", "p")}), tmp_path
    ) as running:
        yield running


@pytest.fixture
def speaking(served: Served) -> Iterator[ollama.Client]:
    with ollama.Client(served.url, headers={"authorization": f"Bearer {KEY}"}) as opened:
        yield opened


def line(**fields: Any) -> bytes:
    whole = {"model": "qwen3", "created_at": "2026-08-07T06:08:09.335586Z", "done": False, **fields}
    return json.dumps(whole, separators=(",", ":")).encode() + b"\n"


END = {
    "done": True,
    "done_reason": "stop",
    "total_duration": 9,
    "load_duration": 1,
    "prompt_eval_count": 14,
    "prompt_eval_duration": 2,
    "eval_count": 5,
    "eval_duration": 6,
}


def test_its_stream_is_passed_on_byte_for_byte(
    host: Replaying, served: Served, speaking: ollama.Client
) -> None:
    lines = (
        line(message={"role": "assistant", "content": "", "thinking": "Hm."}),
        line(message={"role": "assistant", "content": "Blue"}),
        line(message={"role": "assistant", "content": ""}, **END),
    )
    whole = b"".join(lines)
    pieces = tuple(whole[start : start + 37] for start in range(0, len(whole), 37))
    host.told["POST", "/api/chat"] = Told(pieces, "application/x-ndjson")
    options = {"num_ctx": 8192, "min_p": 0.1}
    found = list(speaking.chat("box/qwen3", PING, stream=True, think=True, options=options, keep_alive="1h"))
    assert "".join(piece.message.thinking or "" for piece in found) == "Hm."
    assert "".join(piece.message.content or "" for piece in found) == "Blue"
    assert (found[-1].total_duration, found[-1].eval_count) == (9, 5)
    sent = json.loads(host.asked[-1].body)
    assert sent["model"] == "qwen3"
    assert (sent["options"], sent["think"], sent["keep_alive"]) == (options, True, "1h")
    (entry,) = served.entries()
    assert (entry.usage.input, entry.usage.output, entry.finish) == (14, 5, "stop")
    assert entry.losses == ()


def test_an_answer_with_a_call_and_a_picture_passes(host: Replaying, speaking: ollama.Client) -> None:
    call = {"function": {"index": 0, "name": "get_weather", "arguments": {"city": "Paris"}}}
    message = {"role": "assistant", "content": "", "tool_calls": [call]}
    host.told["POST", "/api/chat"] = Told((line(message=message, **END),))
    asked: Any = [{**PING[0], "images": [base64.b64decode(PIXEL)]}]
    answer = speaking.chat("box/llava", asked, tools=[get_weather])
    assert dict((answer.message.tool_calls or ())[0].function.arguments) == {"city": "Paris"}
    assert json.loads(host.asked[-1].body)["messages"][0]["images"] == [PIXEL]


def test_its_errors_are_told_as_they_are(host: Replaying, speaking: ollama.Client) -> None:
    host.told["POST", "/api/chat"] = Told((b"""{"error":"model 'x' not found"}""",), status=404)
    with pytest.raises(ollama.ResponseError, match="model 'x' not found") as refused:
        speaking.chat("box/x", PING)
    assert refused.value.status_code == 404
    broken = (line(message={"role": "assistant", "content": "Bl"}), b'{"error":"an error was encountered"}\n')
    host.told["POST", "/api/chat"] = Told(broken, "application/x-ndjson")
    with pytest.raises(ollama.ResponseError, match="an error was encountered"):
        list(speaking.chat("box/x", PING, stream=True))


def test_prompts_vectors_and_loading_pass_too(host: Replaying, speaking: ollama.Client) -> None:
    host.told["POST", "/api/generate"] = Told((line(response="", done=True, done_reason="load"),))
    assert speaking.generate("box/qwen3").done_reason == "load"
    host.told["POST", "/api/embed"] = Told((b'{"model":"e","embeddings":[[0.5,1]],"prompt_eval_count":2}',))
    assert speaking.embed("box/e", "word").embeddings == [[0.5, 1]]
    host.told["POST", "/api/embeddings"] = Told((b'{"embedding":[0.5,1]}',))
    assert list(speaking.embeddings("box/e", "word").embedding) == [0.5, 1]
    assert [asked.path for asked in host.asked] == ["/api/generate", "/api/embed", "/api/embeddings"]
