"""Requests whose JSON is damaged, of wrong types or absurd: refused in the caller's dialect with the reason, or
passed on; never our failure, whoever is to answer: a host of the caller's dialect, of the other, or a local model."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.testing.recordings import recordings
from tests.engines import CHAT, EMBED, models_folder
from tests.staging.answers import Answer, frames, refusal
from tests.staging.damage import damaged, damaged_bytes
from tests.staging.hosts import honest
from tests.staging.stage import Stage
from tests.staging.words import ANTHROPIC, EMBEDDINGS, OPENAI, plain, request

ROADS = {
    "openai to openai": (OPENAI, "oa/m"),
    "openai to anthropic": (OPENAI, "an/m"),
    "anthropic to openai": (ANTHROPIC, "oa/m"),
    "anthropic to anthropic": (ANTHROPIC, "an/m"),
    "embeddings": (EMBEDDINGS, "oa/m"),
    "openai to local": (OPENAI, CHAT),
    "anthropic to local": (ANTHROPIC, CHAT),
    "embeddings to local": (EMBEDDINGS, EMBED),
}
HOSTS = [road for road in ROADS if not road.endswith("local")]
LOCAL = [road for road in ROADS if road.endswith("local")]
HEADERS_LIMIT = 8_000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Honest hosts of both dialects, and the demo models."""
    stage = Stage(tmp_path_factory.mktemp("stage"), models=models_folder())
    stage.host("oa", honest(OPENAI), (OPENAI, EMBEDDINGS))
    stage.host("an", honest(ANTHROPIC), (ANTHROPIC,))
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def bodies(shared: Path) -> Mapping[str, list[dict[str, Any]]]:
    """Real requests of moderate size, each once."""
    found: dict[str, dict[str, Any]] = {OPENAI: {}, ANTHROPIC: {}, EMBEDDINGS: {}}
    for dialect, kept in found.items():
        for recording in recordings(shared / "data" / "provider-recordings", dialect):
            if 0 < len(recording.request_body) < 2500:
                kept[recording.request_hash] = json.loads(recording.request_body)
    return {dialect: list(kept.values()) for dialect, kept in found.items()}


def check(stage: Stage, road: str, body: bytes) -> Answer:
    """One call, answered well or refused well, with one entry in the ledger; nothing is left of it."""
    dialect, _ = ROADS[road]
    before = len(stage.entries())
    (answer,) = stage.talk(request(dialect, body))
    stage.settle()
    # What is too large is not read so far as to be anybody's call.
    assert [entry.status for entry in stage.entries()[before:]] == [answer.status] * (answer.status != 413)
    assert sum(map(len, answer.headers.values())) < HEADERS_LIMIT
    assert answer.whole
    if answer.status == 200 and answer.headers["content-type"] == "application/json":
        assert isinstance(answer.json, dict)
    elif answer.status == 200:
        assert all("error" not in event for event in frames(answer, dialect))
    else:
        assert answer.status in {400, 404, 413}
        assert len(refusal(answer, dialect)) > 10
    return answer


@pytest.mark.parametrize("road", HOSTS)
@given(st.data())
def test_a_request_of_wrong_types_is_refused_or_passed_on(
    stage: Stage, bodies: Mapping[str, list[dict[str, Any]]], road: str, draw: st.DataObject
) -> None:
    dialect, model = ROADS[road]
    value = damaged(draw, draw.draw(st.sampled_from(bodies[dialect])))
    if "model" in value and draw.draw(st.integers(0, 9)):
        value["model"] = model
    check(stage, road, json.dumps(value).encode())


@pytest.mark.parametrize("road", LOCAL)
@given(st.data())
@settings(max_examples=15)
def test_a_request_of_wrong_types_is_refused_or_answered_by_a_local_model(
    stage: Stage, bodies: Mapping[str, list[dict[str, Any]]], road: str, draw: st.DataObject
) -> None:
    dialect, model = ROADS[road]
    short = [body for body in bodies[dialect] if len(json.dumps(body)) < 700]
    value = damaged(draw, draw.draw(st.sampled_from(short))) | {"model": model}
    if dialect != EMBEDDINGS:
        value |= {"max_tokens": 2, "max_completion_tokens": 2} if dialect == OPENAI else {"max_tokens": 2}
        value.pop("n", None)
    check(stage, road, json.dumps(value).encode())


@pytest.mark.parametrize("road", HOSTS)
@given(st.data())
def test_a_body_of_damaged_bytes_is_refused_or_passed_on(
    stage: Stage, bodies: Mapping[str, list[dict[str, Any]]], road: str, draw: st.DataObject
) -> None:
    dialect, model = ROADS[road]
    data = json.dumps(draw.draw(st.sampled_from(bodies[dialect])) | {"model": model}).encode()
    check(stage, road, damaged_bytes(draw, data))


VALUES = (
    *(b"null", b"true", b"-1", b"0", b"1.5", b"1e5", b"1e999999", b"-1e999999", b"18446744073709551616"),
    *(
        b"123456789012345678901234567890",
        b"9" * 5000,
        b'""',
        b'"x"',
        b"[]",
        b"{}",
        b"[null]",
        b"[[]]",
        b'{"a":1}',
    ),
    *(b'"a\\u0000\\r\\n\\u2028"', b'["x",1]', b'{"type":"zzz"}', b'{"type":[]}', b'"\\ud83d\\ude00"'),
)
FIELDS = (
    *(
        "messages",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "top_p",
        "top_k",
        "n",
        "stop",
        "seed",
    ),
    *("stop_sequences", "stream", "stream_options", "tools", "tool_choice", "functions", "function_call"),
    *(
        "response_format",
        "output_config",
        "reasoning_effort",
        "thinking",
        "metadata",
        "user",
        "logprobs",
        "system",
    ),
    *("top_logprobs", "logit_bias", "service_tier", "parallel_tool_calls", "input", "dimensions"),
    *("encoding_format", "keep_alive", "unknown", "~unknown", "a.b", ""),
)


@pytest.mark.parametrize("road", ROADS)
def test_any_value_in_any_field_is_refused_or_passed_on(stage: Stage, road: str) -> None:
    dialect, model = ROADS[road]
    fields = FIELDS if road in HOSTS else FIELDS[::3]
    for field in fields:
        for value in VALUES if road in HOSTS else VALUES[::2]:
            body = plain(dialect, model)
            if road in LOCAL and dialect != EMBEDDINGS and "max" not in field:
                body = plain(dialect, model, max_tokens=2)
            check(stage, road, b'%s,"%s":%s}' % (body[:-1], field.encode(), value))


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    return opening * depth + closing * depth


DEPTHS = (50, 480, 900, 960, 975, 980, 985, 990, 100_000)
DEEP: Mapping[str, Callable[[bytes], bytes]] = {
    "unknown": lambda deep: b'"unknown":' + deep,
    "metadata": lambda deep: b'"metadata":{"a":' + deep + b"}",
    "content": lambda deep: b'"messages":[{"role":"user","content":' + deep + b"}]",
    "part": lambda deep: b'"messages":[{"role":"user","content":[{"type":"zzz","x":' + deep + b"}]}]",
    "call": lambda deep: (
        b'"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"b",'
        b'"input":{"a":' + deep + b"}}]}]"
    ),
    "tool": lambda deep: (
        b'"tools":[{"type":"function","function":{"name":"f","parameters":{"a":' + deep + b"}}}]"
    ),
    "schema": lambda deep: b'"tools":[{"name":"f","input_schema":{"type":"object","a":' + deep + b"}}]",
    "format": lambda deep: (
        b'"response_format":{"type":"json_schema","json_schema":{"name":"f","schema":{"a":' + deep + b"}}}"
    ),
}


@pytest.mark.parametrize("road", ROADS)
def test_whatever_is_nested_however_deep_is_refused_or_passed_on(stage: Stage, road: str) -> None:
    """Just below every limit to depth, at it, and far beyond."""
    dialect, model = ROADS[road]
    small = {"max_tokens": 2} if road in LOCAL and dialect != EMBEDDINGS else {}
    for place in DEEP.values():
        for depth in DEPTHS if road in HOSTS else DEPTHS[4:]:
            for deep in (nested(depth), nested(depth // 2, b'{"a":[', b"]}")):
                body = plain(dialect, model, **small)
                answer = check(stage, road, b"%s,%s}" % (body[:-1], place(deep)))
                assert depth < 100_000 or answer.status == 400


MEGABYTE = 1 << 20


def picture(dialect: str, data: str) -> dict[str, Any]:
    if dialect == ANTHROPIC:
        source = {"type": "base64", "media_type": "image/png", "data": data}
        part: dict[str, Any] = {"type": "image", "source": source}
    else:
        part = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
    return {"messages": [{"role": "user", "content": [part]}]}


def said(content: Any, times: int = 1, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": content, **more}] * times}


def tool(index: int) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": f"f{index}", "parameters": {"type": "object"}},
        "name": f"f{index}",
        "input_schema": {"type": "object"},
    }


ABSURD: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "no messages": lambda _: {"messages": []},
    "a large image": lambda dialect: picture(dialect, "A" * (50 * MEGABYTE)),
    "no image": lambda dialect: picture(dialect, "@@@"),
    "an empty image": lambda dialect: picture(dialect, ""),
    "other URLs": lambda _: said(
        [
            {"type": "image_url", "image_url": {"url": url}}
            for url in ("", "data:", "data:;base64,", "file:///etc")
        ]
    ),
    "more than may be sent": lambda _: said("x" * (65 * MEGABYTE)),
    "a long text": lambda _: said("x " * MEGABYTE),
    "many messages": lambda _: said("x", 20_000),
    "too many messages": lambda _: said("x", 300_000),
    "many parts": lambda _: said([{"type": "text", "text": "many words "}] * 20_000),
    "many tools": lambda _: {"tools": [tool(index) for index in range(3000)]},
    "odd tool names": lambda _: {
        "tools": [tool(0) | {"name": name} for name in ("a\r\nb", "", "\0", "é" * 9000)]
    },
    "many stops": lambda _: {"stop": ["x"] * 10_000, "stop_sequences": ["x"] * 10_000},
    "a long stop": lambda _: {"stop": ["x" * MEGABYTE], "stop_sequences": ["x" * MEGABYTE]},
    "numbers out of range": lambda _: {
        "n": 10**9,
        "max_tokens": -1,
        "temperature": -1e300,
        "top_logprobs": 10**9,
    },
    "a long field": lambda _: {"f" * (5 * MEGABYTE): 1},
    "an odd field": lambda _: {"f\r\nset-cookie: x\0\x1bé": 1},
    "many fields": lambda _: {f"f{index}": 1 for index in range(50_000)},
    "many fields of many messages": lambda _: said("x", 5_000, **{"f" * 300: 1}),
    "a long role": lambda _: {"messages": [{"role": "r" * MEGABYTE, "content": "x"}]},
    "a long kind": lambda _: said([{"type": "t" * MEGABYTE}]),
    "a schema that never ends": lambda _: {
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"$ref": "#"}}}
    },
    "a schema that counts to a milliard": lambda _: {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "x", "schema": {"type": "array", "items": {}, "minItems": 10**9}},
        }
    },
}


@pytest.mark.parametrize(
    "road", ["openai to openai", "openai to anthropic", "anthropic to openai", "openai to local"]
)
@pytest.mark.parametrize("what", ABSURD)
def test_what_is_absurd_is_refused_or_passed_on(stage: Stage, what: str, road: str) -> None:
    dialect, model = ROADS[road]
    fields = {"max_tokens": 2, **ABSURD[what](dialect)}
    check(stage, road, plain(dialect, model, **fields))
    check(stage, road, plain(dialect, model, max_tokens=2))


@pytest.mark.parametrize("road", HOSTS)
@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * MEGABYTE,
        "{host}/" + "x" * 20 * MEGABYTE,
        "{host}/a\r\nx: y",
        "{host}/\x00",
        "{host}/../x",
        "{host}/é漢",
        "{host}/",
        "/",
        "{host}/..",
        "*",
        "zz/m",
        "[a-z]*",
        "local/",
        "local/../x",
        "😀",
        "{host}/a b",
    ],
)
def test_a_model_of_any_name_is_asked_for_or_refused(stage: Stage, name: str, road: str) -> None:
    dialect, model = ROADS[road]
    answer = check(stage, road, plain(dialect, name.replace("{host}", model.partition("/")[0])))
    assert answer.status == 404 or not name or name in {"{host}/é漢", "{host}/a b"}


@pytest.mark.parametrize(
    "inputs", [[], "", [""], [[]], [1, 2], [[1], "x"], [None], ["\0"], 5, {"a": 1}, [1e300]]
)
@pytest.mark.parametrize("road", ["embeddings", "embeddings to local"])
def test_any_input_of_embeddings_is_refused_or_passed_on(stage: Stage, road: str, inputs: Any) -> None:
    check(stage, road, plain(EMBEDDINGS, ROADS[road][1], input=inputs))
