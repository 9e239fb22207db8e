"""The clouds' own SDKs, unmodified, pointed at the gateway, and the clouds behind it, each as strict about credentials
as the real one: tokens are had for a signed assertion or a client secret, calls to AWS must be signed."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anthropic
import boto3
import openai
import pytest
from anthropic._constants import ANTHROPIC_API_VERSION
from botocore.config import Config
from botocore.exceptions import ClientError
from google import genai
from google.genai import types

from counterpoint.transport.signing.sigv4 import Scope, canonical_request, signature_of
from tests.running import Running, running
from tests.unit.control.credentials.token_server import PEM, Asked, Reply, claims_of, token_server

pytestmark = pytest.mark.xdist_group("clients")

CONFIGURATION = """
[models]
pull = []

[[providers]]
name = "vertex"
base_url = "{url}"
settings = {{ project = "p", location = "global" }}
secret = {{ env = "CLOUD_GOOGLE" }}

[[providers]]
name = "azure-dated"
base_url = "{url}"
settings = {{ resource = "contoso" }}
secret = {{ env = "CLOUD_ENTRA" }}

[[providers]]
name = "bedrock"
base_url = "{url}"
settings = {{ region = "eu-west-3" }}
secret = {{ env = "CLOUD_AWS" }}
"""
CLAUDE, GEMINI, GPT, NOVA = (
    "vertex/claude-opus-4-5@20251101",
    "vertex/gemini-2.5-flash",
    "azure-dated/my-gpt",
    "bedrock/eu.amazon.nova-lite-v1:0",
)
EVERY = [CLAUDE, GEMINI, GPT, NOVA]
PING: Any = [{"role": "user", "content": "Say exactly: pong"}]
GOOGLE = "/v1/projects/p/locations/global/publishers"

MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-opus-4-5",
    "content": [{"type": "text", "text": "pong"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 9, "output_tokens": 2},
}
EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("message_start", {"message": {**MESSAGE, "content": [], "stop_reason": None}}),
    ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
    ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": "pong"}}),
    ("content_block_stop", {"index": 0}),
    (
        "message_delta",
        {"delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 2}},
    ),
    ("message_stop", {}),
]
STREAM = "".join(f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n" for name, data in EVENTS)
GENERATED = {
    "candidates": [
        {"content": {"role": "model", "parts": [{"text": "pong"}]}, "finishReason": "STOP", "index": 0}
    ],
    "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 2, "totalTokenCount": 11},
    "modelVersion": "gemini-2.5-flash",
}
COMPLETION = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "pong"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11},
}
CONVERSED = {
    "output": {"message": {"role": "assistant", "content": [{"text": "pong"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11},
    "metrics": {"latencyMs": 1},
}


def cloud(asked: Asked) -> Reply:
    """Google, Microsoft and AWS at one address."""
    body = json.loads(asked.body) if asked.body.startswith(b"{") else {}
    match asked.path:
        case "/google/token":
            assert claims_of(asked.form["assertion"])["scope"].endswith("/cloud-platform")
            return 200, {"access_token": "of-google", "expires_in": 3600}
        case "/tenant/oauth2/v2.0/token":
            assert asked.form["scope"] == "https://cognitiveservices.azure.com/.default"
            assert asked.form["client_secret"] == "hush"
            return 200, {"access_token": "of-microsoft", "expires_in": 3600}
        case path if path.startswith("/v1/projects/"):
            return (
                (401, {})
                if asked.headers["authorization"] != "Bearer of-google"
                else vertex(path, asked, body)
            )
        case "/openai/deployments/my-gpt/chat/completions":
            assert asked.headers["authorization"] == "Bearer of-microsoft"
            assert "api-key" not in asked.headers
            assert asked.query == {"api-version": "2024-10-21"}
            return 200, COMPLETION
        case "/model/eu.amazon.nova-lite-v1%3A0/converse":
            return (
                (200, CONVERSED) if is_signed(asked) else (403, {"message": "The signature does not match."})
            )
        case _:
            return 404, {}


def vertex(path: str, asked: Asked, body: dict[str, Any]) -> Reply:
    if path == f"{GOOGLE}/google/models/gemini-2.5-flash:generateContent":
        return 200, GENERATED
    if path == f"{GOOGLE}/google/models/gemini-2.5-flash:streamGenerateContent":
        return 200, f"data: {json.dumps(GENERATED)}\n\n"
    assert body["anthropic_version"] in {"vertex-2023-10-16", ANTHROPIC_API_VERSION}
    assert "model" not in body
    if path == f"{GOOGLE}/anthropic/models/claude-opus-4-5@20251101:streamRawPredict":
        assert body["stream"] is True
        return 200, STREAM
    assert path == f"{GOOGLE}/anthropic/models/claude-opus-4-5@20251101:rawPredict"
    return 200, MESSAGE


def is_signed(asked: Asked) -> bool:
    authorization = asked.headers["authorization"]
    names = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    stamp, digest = asked.headers["x-amz-date"], hashlib.sha256(asked.body).hexdigest()
    canonical = canonical_request("POST", asked.path, "", asked.headers, names, digest)
    made = signature_of(canonical, stamp, Scope(stamp[:8], "eu-west-3", "bedrock"), "aws-secret")
    return authorization.startswith("AWS4-HMAC-SHA256 Credential=AKIA1/") and authorization.endswith(made)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("clouds")
    with token_server(cloud) as server:
        account = {
            "type": "service_account",
            "client_email": "a@p.iam.gserviceaccount.com",
            "private_key": PEM,
            "token_uri": f"{server.url}/google/token",
        }
        entra = {"tenant_id": "tenant", "client_id": "c", "client_secret": "hush", "authority": server.url}
        pair = {"access_key_id": "AKIA1", "secret_access_key": "aws-secret"}
        file = folder / "counterpoint.toml"
        file.write_text(CONFIGURATION.format(url=server.url))
        program = Path(sys.executable).with_name("counterpoint")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment = {
            **kept,
            "CLOUD_GOOGLE": json.dumps(account),
            "CLOUD_ENTRA": json.dumps(entra),
            "CLOUD_AWS": json.dumps(pair),
        }
        with running([program], folder / "data", "--config", str(file), environment=environment) as started:
            yield started


def azure(platform: Running) -> openai.AzureOpenAI:
    return openai.AzureOpenAI(azure_endpoint=platform.gateway, api_key=platform.key, api_version="2024-10-21")


def on_vertex(platform: Running) -> anthropic.AnthropicVertex:
    return anthropic.AnthropicVertex(
        base_url=f"{platform.gateway}/v1", region="europe-west1", project_id="p", access_token=platform.key
    )


@pytest.mark.parametrize("model", EVERY)
def test_the_sdk_for_azure(platform: Running, model: str) -> None:
    answer = azure(platform).chat.completions.create(model=model, messages=PING, max_tokens=20)
    assert answer.choices[0].message.content == "pong"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (9, 2)


@pytest.mark.parametrize("model", [CLAUDE, GEMINI])
def test_the_sdk_for_azure_streams(platform: Running, model: str) -> None:
    stream = azure(platform).chat.completions.create(model=model, messages=PING, max_tokens=20, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices) == "pong"


def test_azures_newer_style_is_a_base_url(platform: Running) -> None:
    client = openai.OpenAI(base_url=f"{platform.gateway}/openai/v1", api_key=platform.key)
    answer = client.chat.completions.create(model=GPT, messages=PING)
    assert answer.choices[0].message.content == "pong"


def test_the_sdk_for_azure_is_told_what_is_wrong(platform: Running) -> None:
    with pytest.raises(openai.NotFoundError, match="not offered here"):
        azure(platform).chat.completions.create(model="nothing", messages=PING)
    stranger = openai.AzureOpenAI(azure_endpoint=platform.gateway, api_key="no", api_version="2024-10-21")
    with pytest.raises(openai.AuthenticationError):
        stranger.chat.completions.create(model=GPT, messages=PING)


@pytest.mark.parametrize("model", EVERY)
def test_anthropics_sdk_for_vertex(platform: Running, model: str) -> None:
    answer = on_vertex(platform).messages.create(model=model, messages=PING, max_tokens=20)
    assert [block.text for block in answer.content if block.type == "text"] == ["pong"]
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (9, 2)


@pytest.mark.parametrize("model", [CLAUDE, GEMINI])
def test_anthropics_sdk_for_vertex_streams(platform: Running, model: str) -> None:
    with on_vertex(platform).messages.stream(model=model, messages=PING, max_tokens=20) as stream:
        assert "".join(stream.text_stream) == "pong"


@pytest.mark.parametrize("model", EVERY)
def test_googles_sdk_for_vertex(platform: Running, model: str) -> None:
    options = types.HttpOptions(base_url=platform.gateway, timeout=60_000)
    client = genai.Client(vertexai=True, api_key=platform.key, http_options=options)
    answer = client.models.generate_content(
        model=f"publishers/google/models/{model}", contents="Say exactly: pong"
    )
    assert answer.text == "pong"
    if model in {CLAUDE, GEMINI}:
        name = f"projects/p/locations/europe-west1/publishers/google/models/{model}"
        chunks = client.models.generate_content_stream(model=name, contents="Say exactly: pong")
        assert "".join(chunk.text or "" for chunk in chunks) == "pong"


def test_amazons_sdk_signs_with_a_pair_of_a_key(platform: Running) -> None:
    program = Path(sys.executable).with_name("counterpoint")
    made = subprocess.run(
        [program, "keys", "create", "signer", "--aws", "--json", "--data", str(platform.data)],
        check=True,
        capture_output=True,
        text=True,
    )
    pair = json.loads(made.stdout)["pair"]

    def client(secret: str) -> Any:
        return boto3.client(
            "bedrock-runtime",
            endpoint_url=platform.gateway,
            region_name="us-east-1",
            aws_access_key_id=pair["access_key_id"],
            aws_secret_access_key=secret,
            config=Config(retries={"max_attempts": 0}),
        )

    messages = [{"role": "user", "content": [{"text": "Say exactly: pong"}]}]
    for model in EVERY:
        answer = client(pair["secret_access_key"]).converse(modelId=model, messages=messages)
        assert answer["output"]["message"]["content"][0]["text"] == "pong"
    with pytest.raises(ClientError) as refused:
        client("wrong").converse(modelId=NOVA, messages=messages)
    assert refused.value.response["Error"]["Code"] == "InvalidSignatureException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
