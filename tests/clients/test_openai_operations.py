"""OpenAI's own SDK, unmodified, in the operations beside chat: the gateway's server, replayed answers behind it."""

import base64
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import openai
import pytest

from counterpoint.directory import Directory, Host, Key, Offering, Price, PriceTier
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from tests.replaying import Replaying, Served, Told, replaying, serving

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
TOKENS = Price(
    tiers=(
        PriceTier(
            input=5_000_000,
            output=10_000_000,
            image_in=8_000_000,
            image_out=32_000_000,
            audio_in=6_000_000,
            audio_out=12_000_000,
        ),
    )
)
BY_PIECE = Price(
    images={"hd/1024x1792": 120_000, "1024x1024": 40_000}, audio_hour=360_000, characters=15_000_000
)
ABLE = frozenset({"image", "transcribe", "speak", "moderate"})


@pytest.fixture(scope="module")
def host() -> Iterator[Replaying]:
    with replaying() as running:
        yield running


@pytest.fixture(scope="module")
def gateway(host: Replaying, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    paths = {
        "openai-images": "/images",
        "openai-transcriptions": "/audio",
        "openai-speech": "/audio/speech",
        "openai-moderations": "/moderations",
    }
    one = Host("one", f"{host.url}/v1", paths, (("authorization", "Bearer theirs"),))
    chat = Host("chatty", f"{host.url}/v1", {"openai-chat": "/chat/completions"})
    directory = Directory(
        keys={digest_of("cp-test"): Key("k", "mine", "project", "organisation")},
        projects={"project": Project("project", "project")},
        hosts={"one": one, "chatty": chat},
        offerings=(
            Offering("one", "their-model", "painter", price=TOKENS, capabilities=ABLE),
            Offering("one", "dall-e-3", "dall-e-3", price=BY_PIECE, capabilities=ABLE),
            Offering("chatty", "talker", "talker", capabilities=frozenset({"chat"})),
        ),
    )
    with serving(directory, tmp_path_factory.mktemp("operations")) as served:
        yield served


@pytest.fixture(scope="module")
def client(gateway: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="cp-test", max_retries=0, timeout=20) as client:
        yield client


def test_a_picture_is_made(client: openai.OpenAI, host: Replaying, gateway: Served) -> None:
    body = {
        "created": 1,
        "data": [{"b64_json": base64.b64encode(PNG).decode()}],
        "size": "1024x1024",
        "usage": {
            "input_tokens": 50,
            "output_tokens": 1000,
            "total_tokens": 1050,
            "input_tokens_details": {"text_tokens": 10, "image_tokens": 40},
        },
    }
    host.told["POST", "/v1/images/generations"] = Told((json.dumps(body).encode(),))
    raw = client.images.with_raw_response.generate(model="painter", prompt="a cat", size="1024x1024")
    answer = raw.parse()
    assert answer.data
    assert base64.b64decode(answer.data[0].b64_json or "") == PNG
    asked = host.asked[-1]
    assert json.loads(asked.body) == {"model": "their-model", "prompt": "a cat", "size": "1024x1024"}
    assert asked.headers["authorization"] == "Bearer theirs"
    entry = gateway.entries()[-1]
    assert (entry.operation, entry.client_dialect, entry.offering) == (
        "image",
        "openai-images",
        "one/their-model",
    )
    assert (entry.usage.input, entry.usage.image_in, entry.usage.image_out) == (10, 40, 1000)
    assert entry.cost == Decimal("0.03237")
    assert raw.headers["x-counterpoint-cost"] == "0.03237 USD"


def test_pictures_are_charged_by_their_kind(client: openai.OpenAI, host: Replaying, gateway: Served) -> None:
    body = {"created": 1, "data": [{"url": "https://x.example/1"}, {"url": "https://x.example/2"}]}
    host.told["POST", "/v1/images/generations"] = Told((json.dumps(body).encode(),))
    client.images.generate(model="dall-e-3", prompt="a cat", size="1024x1792", quality="hd", n=2)
    entry = gateway.entries()[-1]
    assert (entry.usage.images, entry.cost) == (2, Decimal("0.24"))
    client.images.generate(model="dall-e-3", prompt="a cat", quality="standard")
    assert gateway.entries()[-1].cost == Decimal("0.08")
    client.images.generate(model="dall-e-3", prompt="a cat", size="256x256")
    assert gateway.entries()[-1].cost is None


@pytest.mark.filterwarnings("ignore:deprecated")
def test_a_picture_is_edited_and_varied(client: openai.OpenAI, host: Replaying) -> None:
    body = json.dumps({"created": 1, "data": [{"url": "https://x.example/1"}]}).encode()
    for path in ("/v1/images/edits", "/v1/images/variations"):
        host.told["POST", path] = Told((body,))
    client.images.edit(model="painter", image=("cat.png", PNG), prompt="green")
    asked = host.asked[-1]
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert PNG in asked.body
    assert b"their-model" in asked.body
    assert b"painter" not in asked.body
    assert client.images.create_variation(model="painter", image=("cat.png", PNG)).data
    assert host.asked[-1].path == "/v1/images/variations"


def test_pictures_are_streamed(client: openai.OpenAI, host: Replaying, gateway: Served) -> None:
    usage = {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12}
    events: list[dict[str, Any]] = [
        {"type": "image_generation.partial_image", "b64_json": "aGk=", "partial_image_index": 0},
        {"type": "image_generation.completed", "b64_json": "aGk=", "size": "1024x1024", "usage": usage},
    ]
    pieces = [b"event: %b\ndata: %b\n\n" % (str(e["type"]).encode(), json.dumps(e).encode()) for e in events]
    host.told["POST", "/v1/images/generations"] = Told(pieces, "text/event-stream; charset=utf-8")
    stream = client.images.generate(model="painter", prompt="a cat", stream=True, partial_images=1)
    assert [event.type for event in stream] == [event["type"] for event in events]
    entry = gateway.entries()[-1]
    assert (entry.stream, entry.usage.input, entry.usage.image_out, entry.status) == (True, 5, 7, 200)


def test_a_stream_that_is_cut_is_an_error(client: openai.OpenAI, host: Replaying, gateway: Served) -> None:
    piece = b'data: {"type":"image_generation.partial_image","b64_json":"aGk="}\n\n'
    host.told["POST", "/v1/images/generations"] = Told((piece,), "text/event-stream")
    with pytest.raises(openai.APIError, match="ended before"):
        list(client.images.generate(model="painter", prompt="a cat", stream=True))
    assert gateway.entries()[-1].failure == "upstream_error"


@pytest.mark.parametrize(
    ("form", "answer"),
    [("text", b"Hello.\n"), ("srt", b"1\n00:00 --> 00:01\nHello.\n"), ("vtt", b"WEBVTT\n")],
)
def test_speech_becomes_text(
    client: openai.OpenAI, host: Replaying, gateway: Served, form: str, answer: bytes
) -> None:
    host.told["POST", "/v1/audio/transcriptions"] = Told((answer,), "text/plain; charset=utf-8")
    word: Any = form
    said = client.audio.transcriptions.create(
        model="painter", file=("a.wav", io.BytesIO(PNG * 4000)), response_format=word
    )
    assert str(said) == answer.decode()
    assert b"their-model" in host.asked[-1].body
    assert PNG * 4000 in host.asked[-1].body
    entry = gateway.entries()[-1]
    assert (entry.operation, entry.usage.reported, entry.cost) == ("transcribe", False, None)


def test_heard_seconds_and_tokens_are_counted(
    client: openai.OpenAI, host: Replaying, gateway: Served
) -> None:
    path = "POST", "/v1/audio/transcriptions"
    host.told[path] = Told((b'{"text":"Hi","duration":3.7,"usage":{"type":"duration","seconds":4}}',))
    said = client.audio.transcriptions.create(
        model="dall-e-3", file=("a.wav", PNG), response_format="verbose_json"
    )
    assert said.text == "Hi"
    assert (gateway.entries()[-1].usage.audio_seconds, gateway.entries()[-1].cost) == (4, Decimal("0.0004"))
    details = b'"input_token_details":{"text_tokens":0,"audio_tokens":37}'
    usage = b'{"type":"tokens","input_tokens":37,%b,"output_tokens":12,"total_tokens":49}' % details
    host.told[path] = Told((b'{"text":"Hi","usage":%b}' % usage,))
    client.audio.transcriptions.create(model="painter", file=("a.wav", PNG))
    assert gateway.entries()[-1].cost == Decimal("0.000342")


def test_a_transcription_is_streamed(client: openai.OpenAI, host: Replaying, gateway: Served) -> None:
    pieces = (
        b'data: {"type":"transcript.text.delta","delta":"Hi"}\r\n\r\n',
        b'data: {"type":"transcript.text.done","text":"Hi",',
        b'"usage":{"type":"tokens","input_tokens":3,"output_tokens":2}}\r\n\r\n',
        b"data: [DONE]\r\n\r\n",
    )
    host.told["POST", "/v1/audio/transcriptions"] = Told(pieces, "text/event-stream")
    stream = client.audio.transcriptions.create(model="painter", file=("a.wav", PNG), stream=True)
    assert [event.type for event in stream] == ["transcript.text.delta", "transcript.text.done"]
    entry = gateway.entries()[-1]
    assert (entry.usage.input, entry.usage.output, entry.status) == (3, 2, 200)


@pytest.mark.filterwarnings("ignore:deprecated")
def test_speech_is_translated(client: openai.OpenAI, host: Replaying) -> None:
    host.told["POST", "/v1/audio/translations"] = Told((b'{"text":"Hello"}',))
    assert client.audio.translations.create(model="painter", file=("a.wav", PNG)).text == "Hello"


def test_text_becomes_speech(client: openai.OpenAI, host: Replaying, gateway: Served) -> None:
    audio = [PNG, PNG * 100, b"\xff\xf3"]
    host.told["POST", "/v1/audio/speech"] = Told(audio, "audio/mpeg")
    with client.audio.speech.with_streaming_response.create(
        model="dall-e-3", voice="alloy", input="Hé!"
    ) as said:
        assert said.headers["content-type"] == "audio/mpeg"
        assert b"".join(said.iter_bytes()) == b"".join(audio)
    entry = gateway.entries()[-1]
    assert (entry.operation, entry.usage.characters, entry.cost) == ("speak", 3, Decimal("0.000045"))


def test_speech_that_breaks_off_is_not_taken_for_whole(
    client: openai.OpenAI, host: Replaying, gateway: Served
) -> None:
    host.told["POST", "/v1/audio/speech"] = Told((PNG,), "audio/mpeg", breaks=True)
    with pytest.raises(Exception, match=r"peer closed|incomplete|disconnected|Connection"):
        client.audio.speech.create(model="painter", voice="alloy", input="Hi").read()
    assert gateway.entries()[-1].failure == "upstream_error"


def test_a_host_that_answers_with_audio_in_json(client: openai.OpenAI, host: Replaying) -> None:
    told = json.dumps({"audio_data": base64.b64encode(PNG).decode()}).encode()
    host.told["POST", "/v1/audio/speech"] = Told((told,))
    said = client.audio.speech.create(model="painter", voice="alloy", input="Hi", response_format="wav")
    assert said.read() == PNG
    assert said.response.headers["content-type"] == "audio/wav"


def test_a_text_is_moderated(client: openai.OpenAI, host: Replaying, gateway: Served) -> None:
    body = {
        "id": "modr-1",
        "model": "m",
        "results": [{"flagged": False, "categories": {}, "category_scores": {}}],
    }
    host.told["POST", "/v1/moderations"] = Told((json.dumps(body).encode(),))
    assert not client.moderations.create(model="painter", input="Hello").results[0].flagged
    assert gateway.entries()[-1].operation == "moderate"


def test_a_hosts_error_comes_through(client: openai.OpenAI, host: Replaying, gateway: Served) -> None:
    error = {
        "message": "Unknown parameter: 'quality'.",
        "type": "invalid_request_error",
        "param": "quality",
        "code": "unknown_parameter",
    }
    host.told["POST", "/v1/audio/speech"] = Told((json.dumps({"error": error}).encode(),), status=400)
    with pytest.raises(openai.BadRequestError) as raised:
        client.audio.speech.create(model="dall-e-3", voice="alloy", input="Hi")
    assert (raised.value.param, raised.value.code) == ("quality", "unknown_parameter")
    assert gateway.entries()[-1].cost == 0


def test_who_cannot_do_it_says_who_can(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="one/dall-e-3"):
        client.images.generate(model="talker", prompt="a cat")
    with pytest.raises(openai.NotFoundError, match="one/dall-e-3"):
        client.images.generate(model="nobody", prompt="a cat")
    with pytest.raises(openai.BadRequestError, match="model"):
        client.audio.speech.create(model="", voice="alloy", input="Hi")


def test_a_form_that_is_none_is_refused(gateway: Served) -> None:
    headers = {"authorization": "Bearer cp-test", "content-type": "multipart/form-data"}
    request = Request(f"{gateway.url}/v1/audio/transcriptions", b"--x\r\n", headers)
    with pytest.raises(HTTPError) as raised:
        urlopen(request, timeout=10)
    with raised.value as answer:
        assert (answer.code, json.load(answer)["error"]["code"]) == (400, "invalid_form")
