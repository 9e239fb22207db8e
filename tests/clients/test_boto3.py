"""Amazon's own SDK, unmodified: `bedrock-runtime` against hosts of each dialect and local models, with a bearer token
and with calls that it signs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import openai
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from counterpoint.canonical import Text, fold
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.recordings import Recording, recordings
from counterpoint.wire.eventstream import MessageCutter, exception_message
from tests.clients.conftest import CHATTY, INVOKED, ROCKY, WORDY
from tests.hosts import FakeHost
from tests.running import Running

pytestmark = pytest.mark.xdist_group("clients")

LOCAL = "smollm2-135m-instruct"
HOSTS = [ROCKY, INVOKED, CHATTY, WORDY]
STREAMING = [CHATTY, WORDY]
"""The emulated hosts of Bedrock stream otherwise than Bedrock does; its own streams are replayed."""
PING: Any = [{"role": "user", "content": [{"text": "Say exactly: pong"}]}]
WEATHER = "What is the weather in Paris?"
BRIEF: Any = [{"text": "Be brief."}]
LIMIT: Any = {"maxTokens": 20, "temperature": 0}
TOOLS: Any = {
    "tools": [
        {
            "toolSpec": {
                "name": "get_weather",
                "description": "The weather in a city",
                "inputSchema": {
                    "json": {
                        "type": "object",
                        "properties": {"city": {"type": "string"}},
                        "required": ["city"],
                    }
                },
            }
        }
    ]
}


def runtime(gateway: Running, *, signature_version: Any = None, **credentials: str) -> Any:
    config = Config(retries={"max_attempts": 0}, read_timeout=60, signature_version=signature_version)
    return boto3.Session(region_name="eu-central-1", **credentials).client(
        "bedrock-runtime", endpoint_url=gateway.gateway, config=config
    )


def bearing(gateway: Running, key: str) -> Any:
    """A client that shows a key. The SDK sends one by HTTPS only, which here ends before the gateway, so what it would
    send is put in place by one of its own hooks."""
    client = runtime(gateway, signature_version=UNSIGNED)

    def show(request: Any, **_: Any) -> None:
        request.headers["authorization"] = f"Bearer {key}"

    client.meta.events.register("before-send.bedrock-runtime", show)
    return client


@pytest.fixture(scope="module")
def bearer(gateway: Running) -> Any:
    return bearing(gateway, gateway.key)


@pytest.fixture(scope="module")
def signing(gateway: Running) -> Any:
    """A client that signs with the key pair of a key of ours."""
    program = Path(sys.executable).with_name("counterpoint")
    made = subprocess.run(
        [program, "keys", "create", "boto", "--aws", "--json", "--data", gateway.data],
        check=True,
        capture_output=True,
        text=True,
    )
    pair = json.loads(made.stdout)["pair"]
    return runtime(
        gateway,
        aws_access_key_id=pair["access_key_id"],
        aws_secret_access_key=pair["secret_access_key"],
    )


@pytest.fixture(params=["bearer", "signing"])
def client(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def words(answer: Any) -> str:
    return "".join(block.get("text", "") for block in answer["output"]["message"]["content"])


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_question_is_answered(client: Any, model: str) -> None:
    answer = client.converse(modelId=model, messages=PING, system=BRIEF, inferenceConfig=LIMIT)
    assert words(answer) if model == LOCAL else words(answer) == "pong"
    assert answer["stopReason"] in {"end_turn", "max_tokens"}
    assert answer["usage"]["outputTokens"] > 0
    assert answer["usage"]["totalTokens"] >= answer["usage"]["outputTokens"]
    assert answer["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize("model", [*STREAMING, LOCAL])
def test_an_answer_is_streamed(client: Any, model: str) -> None:
    answer = client.converse_stream(modelId=model, messages=PING, inferenceConfig=LIMIT)
    events = list(answer["stream"])
    assert "messageStart" in events[0]
    said = "".join(
        event["contentBlockDelta"]["delta"].get("text", "")
        for event in events
        if "contentBlockDelta" in event
    )
    assert said if model == LOCAL else said == "pong"
    assert "messageStop" in events[-2]
    assert events[-1]["metadata"]["usage"]["outputTokens"] > 0


@pytest.mark.parametrize("model", HOSTS)
def test_a_tool_is_called_and_its_result_used(bearer: Any, model: str) -> None:
    question: Any = {"role": "user", "content": [{"text": WEATHER}]}
    answer = bearer.converse(modelId=model, messages=[question], toolConfig=TOOLS)
    assert answer["stopReason"] == "tool_use"
    message = answer["output"]["message"]
    (call,) = [block["toolUse"] for block in message["content"] if "toolUse" in block]
    assert (call["name"], call["input"]) == ("get_weather", {"city": "Paris"})
    result: Any = {"toolUseId": call["toolUseId"], "content": [{"text": "21 degrees"}]}
    turn: Any = {"role": "user", "content": [{"toolResult": result}]}
    answer = bearer.converse(modelId=model, messages=[question, message, turn], toolConfig=TOOLS)
    assert "21" in words(answer)


@pytest.mark.parametrize("model", STREAMING)
def test_a_tool_call_is_streamed(bearer: Any, model: str) -> None:
    question: Any = [{"role": "user", "content": [{"text": WEATHER}]}]
    events = list(bearer.converse_stream(modelId=model, messages=question, toolConfig=TOOLS)["stream"])
    starts = [event["contentBlockStart"] for event in events if "contentBlockStart" in event]
    assert [start["start"]["toolUse"]["name"] for start in starts] == ["get_weather"]
    pieces = [
        event["contentBlockDelta"]["delta"]["toolUse"]["input"]
        for event in events
        if "toolUse" in event.get("contentBlockDelta", {}).get("delta", {})
    ]
    assert json.loads("".join(pieces)) == {"city": "Paris"}


CLAUDES: Any = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 20,
    "messages": [{"role": "user", "content": "Say exactly: pong"}],
}


@pytest.mark.parametrize("model", [*HOSTS, LOCAL])
def test_a_model_is_invoked_with_its_makers_body(client: Any, model: str) -> None:
    answer = client.invoke_model(modelId=model, body=json.dumps(CLAUDES))
    body = json.loads(answer["body"].read())
    said = "".join(block["text"] for block in body["content"])
    assert said if model == LOCAL else said == "pong"
    assert body["usage"]["output_tokens"] > 0


@pytest.mark.parametrize("model", [*STREAMING, LOCAL])
def test_a_makers_answer_is_streamed(bearer: Any, model: str) -> None:
    answer = bearer.invoke_model_with_response_stream(modelId=model, body=json.dumps(CLAUDES))
    events = [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]
    assert (events[0]["type"], events[-1]["type"]) == ("message_start", "message_stop")
    said = "".join(
        event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta"
    )
    assert said if model == LOCAL else said == "pong"


def test_a_prompt_is_answered_in_the_words_of_its_family(bearer: Any) -> None:
    body = json.dumps({"prompt": "Say exactly: pong", "max_gen_len": 20})
    answer = json.loads(bearer.invoke_model(modelId=CHATTY, body=body)["body"].read())
    assert (answer["generation"], answer["stop_reason"]) == ("pong", "stop")


@pytest.fixture(scope="module")
def streams(shared: Path) -> tuple[Recording, ...]:
    """A recorded stream of Converse, one of a maker's own."""
    folder = shared / "data" / "provider-recordings"
    return tuple(
        next(
            item for item in recordings(folder, name) if item.status == 200 and "claude" in (item.model or "")
        )
        for name in ("bedrock-converse-stream", "bedrock-invoke-stream")
    )


def test_recorded_streams_reach_clients_of_either_api(
    client: Any, streams: tuple[Recording, ...], replayed: FakeHost
) -> None:
    conversed, invoked = (item.response_body for item in streams)
    replayed.answers["POST", "/model/anthropic.claude-x%3A0/converse-stream"] = (200, conversed)
    replayed.answers["POST", "/model/anthropic.claude-x%3A0/invoke-with-response-stream"] = (200, invoked)
    model = "quarry/anthropic.claude-x:0"
    events = list(client.converse_stream(modelId=model, messages=PING)["stream"])
    told = fold(CHAT["bedrock-converse"].stream_decoder().feed(conversed))
    said = "".join(event.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for event in events)
    assert said == "".join(part.text for part in told.choices[0].parts if isinstance(part, Text))
    assert events[-1]["metadata"]["usage"]["outputTokens"] == told.usage.output
    answer = client.invoke_model_with_response_stream(modelId=model, body=json.dumps(CLAUDES))
    chunks = [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]
    assert chunks
    told = fold(CHAT["bedrock-invoke"].stream_decoder().feed(invoked))
    assert chunks[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] == told.usage.output


def test_recorded_streams_reach_clients_of_other_apis(
    gateway: Running, streams: tuple[Recording, ...], replayed: FakeHost
) -> None:
    conversed = streams[0].response_body
    replayed.answers["POST", "/model/anthropic.claude-x%3A0/converse-stream"] = (200, conversed)
    client = openai.OpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key, max_retries=0)
    with client.chat.completions.stream(
        model="quarry/anthropic.claude-x:0", messages=[{"role": "user", "content": "Hello"}]
    ) as stream:
        answer = stream.get_final_completion()
    told = fold(CHAT["bedrock-converse"].stream_decoder().feed(conversed))
    said = "".join(part.text for part in told.choices[0].parts if isinstance(part, Text))
    assert (answer.choices[0].message.content or "") == said


def test_an_exception_amid_a_stream_is_the_sdks_own(
    client: Any, streams: tuple[Recording, ...], replayed: FakeHost
) -> None:
    begun = b"".join(MessageCutter().feed(streams[0].response_body)[:3])
    failed = exception_message("throttlingException", b'{"message":"Too many tokens, please wait."}')
    replayed.answers["POST", "/model/anthropic.claude-y/converse-stream"] = (200, begun + failed)
    # Before anything was sent on, it is answered with a status; later, it ends the stream.
    with pytest.raises(ClientError, match="please wait"):
        listened(client, "quarry/anthropic.claude-y")
    replayed.answers["POST", "/model/anthropic.claude-y/converse-stream"] = (200, begun[:-5])
    with pytest.raises(ClientError, match="before the answer was complete"):
        listened(client, "quarry/anthropic.claude-y")


def listened(client: Any, model: str) -> list[Any]:
    """Every event of a stream."""
    return list(client.converse_stream(modelId=model, messages=PING)["stream"])


def test_tokens_are_counted(bearer: Any) -> None:
    counted = bearer.count_tokens(modelId=LOCAL, input={"converse": {"messages": PING, "system": BRIEF}})
    assert counted["inputTokens"] > 5


def test_errors_are_the_sdks_own(bearer: Any, gateway: Running) -> None:
    with pytest.raises(bearer.exceptions.ResourceNotFoundException, match="smollm2"):
        bearer.converse(modelId="smolm2-135m", messages=PING)
    with pytest.raises(bearer.exceptions.ValidationException, match="context"):
        bearer.converse(modelId=LOCAL, messages=[{"role": "user", "content": [{"text": "word " * 20_000}]}])
    with pytest.raises(ClientError, match="unknown") as refused:
        bearing(gateway, "wrong-key").converse(modelId=LOCAL, messages=PING)
    assert refused.value.response["Error"]["Code"] == "UnrecognizedClientException"


def test_a_wrong_signature_is_refused(gateway: Running, signing: Any) -> None:
    credentials = signing._request_signer._credentials
    forged = runtime(
        gateway, aws_access_key_id=credentials.access_key, aws_secret_access_key="not the secret of this pair"
    )
    with pytest.raises(ClientError) as refused:
        forged.converse(modelId=LOCAL, messages=PING)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in {401, 403}


def test_vectors_come_from_a_host_that_is_invoked(gateway: Running, replayed: FakeHost) -> None:
    path = "/model/amazon.titan-embed-text-v2%3A0/invoke"
    replayed.answers["POST", path] = (200, {"embedding": [0.5, -0.25], "inputTextTokenCount": 3})
    client = openai.OpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key, max_retries=0)
    model = "quarry/amazon.titan-embed-text-v2:0"
    answer = client.embeddings.create(model=model, input=["Hello!"], dimensions=256, encoding_format="float")
    assert answer.data[0].embedding == [0.5, -0.25]
    assert answer.usage.prompt_tokens == 3
    assert replayed.seen[-1] == ("POST", path, {"inputText": "Hello!", "dimensions": 256})
    with pytest.raises(openai.BadRequestError, match="one text"):
        client.embeddings.create(model=model, input=["one", "two"])
