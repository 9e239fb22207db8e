"""Official SDKs, unmodified, with files and batches: kept and worked off by us over any host, or by the host itself."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from counterpoint.directory import Directory, Host, Key, Offering, Price, PriceTier
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from tests.replaying import Replaying, Served, Told, replaying, serving

PRICE = Price(tiers=(PriceTier(input=1_000_000, output=2_000_000),))
SAID = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "pong"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}


@pytest.fixture
def host() -> Iterator[Replaying]:
    with replaying() as running:
        running.told["POST", "/v1/chat/completions"] = Told((json.dumps(SAID).encode(),))
        yield running


def directory(host: Replaying) -> Directory:
    chatty = Host(
        "chatty", f"{host.url}/v1", {"openai-chat": "/chat/completions"}, (("authorization", "Bearer s"),)
    )
    holder = Host(
        "holder",
        f"{host.url}/v1",
        {"openai-files": "/files", "anthropic-files": "/files"},
        (("Authorization", "Bearer theirs"),),
    )
    return Directory(
        keys={
            digest_of("cp-one"): Key("k1", "one", "project-1", "o"),
            digest_of("cp-two"): Key("k2", "two", "project-2", "o"),
            digest_of("cp-narrow"): Key("k3", "narrow", "project-1", "o", models=("other/*",)),
        },
        projects={
            "project-1": Project("project-1", "project-1"),
            "project-2": Project("project-2", "project-2"),
        },
        hosts={"chatty": chatty, "holder": holder},
        offerings=(Offering("chatty", "gpt-x", "gpt-x", price=PRICE, capabilities=frozenset({"chat"})),),
    )


@pytest.fixture
def gateway(host: Replaying, tmp_path: Path) -> Iterator[Served]:
    with serving(directory(host), tmp_path) as served:
        yield served


OPEN: list[openai.OpenAI | anthropic.Anthropic] = []


@pytest.fixture(autouse=True)
def no_client_is_left_open() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def client_of(gateway: Served, key: str = "cp-one") -> openai.OpenAI:
    client = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=0, timeout=20)
    OPEN.append(client)
    return client


def messages_of(gateway: Served, key: str = "cp-one") -> anthropic.Anthropic:
    client = anthropic.Anthropic(base_url=gateway.url, api_key=key, max_retries=0, timeout=20)
    OPEN.append(client)
    return client


def until(wanted: Callable[[], Any]) -> Any:
    """What `wanted` gives as soon as it is something."""
    for _ in range(400):
        found = wanted()
        if found:
            return found
        time.sleep(0.025)
    raise AssertionError("it never came")


def calls(*texts: str, model: str = "gpt-x") -> bytes:
    lines = [
        {
            "custom_id": f"c{place}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": model, "messages": [{"role": "user", "content": text}]},
        }
        for place, text in enumerate(texts)
    ]
    return "\n".join(map(json.dumps, lines)).encode()


def ordered(client: openai.OpenAI, content: bytes) -> Any:
    file = client.files.create(file=("calls.jsonl", content), purpose="batch")
    return client.batches.create(
        input_file_id=file.id,
        endpoint="/v1/chat/completions",
        completion_window="24h",
        metadata={"night": "1"},
    )


def ended(client: openai.OpenAI, id_: str) -> Any:
    def look() -> Any:
        batch = client.batches.retrieve(id_)
        return batch if batch.status in ("completed", "failed", "cancelled", "expired") else None

    return until(look)


def test_a_file_is_kept_for_its_project_alone(gateway: Served) -> None:
    client = client_of(gateway)
    content = b'{"custom_id":"x"}\r\n\x00\xff'
    file = client.files.create(file=("a name.jsonl", content), purpose="batch")
    assert (file.filename, file.bytes, file.purpose) == ("a name.jsonl", len(content), "batch")
    assert client.files.content(file.id).read() == content
    assert client.files.retrieve(file.id).id == file.id
    other = client_of(gateway, "cp-two")
    assert list(other.files.list()) == []
    for act in (other.files.retrieve, other.files.content, other.files.delete):
        with pytest.raises(openai.NotFoundError):
            act(file.id)
    assert client.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(file.id)
    with pytest.raises(openai.AuthenticationError):
        client_of(gateway, "cp-wrong").files.list()


def test_files_are_listed_in_pages(gateway: Served) -> None:
    client = client_of(gateway)
    ids = [client.files.create(file=(f"{n}.jsonl", b"x"), purpose="batch").id for n in range(5)]
    assert [file.id for file in client.files.list(limit=2)] == ids[::-1]
    assert [file.id for file in client.files.list(limit=2, order="asc")] == ids
    assert list(client.files.list(purpose="vision")) == []


def test_a_batch_is_worked_off(gateway: Served, host: Replaying) -> None:
    client = client_of(gateway)
    batch = ordered(client, calls("a", "b", "c"))
    assert (batch.status, batch.request_counts.total, batch.metadata) == ("in_progress", 3, {"night": "1"})
    batch = ended(client, batch.id)
    assert (batch.status, batch.request_counts.completed, batch.error_file_id) == ("completed", 3, None)
    lines = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
    assert {line["custom_id"] for line in lines} == {"c0", "c1", "c2"}
    assert lines[0]["response"]["status_code"] == 200
    assert lines[0]["response"]["body"] == SAID
    entries = gateway.entries()
    assert [(entry.key, entry.project, entry.offering) for entry in entries] == [
        ("k1", "project-1", "chatty/gpt-x")
    ] * 3
    assert all(entry.cost is not None for entry in entries)
    assert [each.id for each in client.batches.list()] == [batch.id]
    with pytest.raises(openai.NotFoundError):
        client_of(gateway, "cp-two").batches.retrieve(batch.id)


def test_calls_that_fail_stand_in_a_file_of_their_own(gateway: Served) -> None:
    client = client_of(gateway)
    batch = ended(
        client, ordered(client, calls("a") + b"\n" + calls("b", model="nobody").replace(b"c0", b"bad")).id
    )
    assert (batch.request_counts.completed, batch.request_counts.failed) == (1, 1)
    (line,) = [json.loads(line) for line in client.files.content(batch.error_file_id).text.splitlines()]
    assert (line["custom_id"], line["response"]["status_code"]) == ("bad", 404)
    assert line["response"]["body"]["error"]["code"] == "model_not_found"


def test_the_rights_of_the_key_hold_for_every_call(gateway: Served) -> None:
    client = client_of(gateway, "cp-narrow")
    batch = ended(client, ordered(client, calls("a")).id)
    (line,) = [json.loads(line) for line in client.files.content(batch.error_file_id).text.splitlines()]
    assert line["response"]["status_code"] == 403


@pytest.mark.parametrize("content", [b"{", b'{"custom_id":"a"}', calls("x") + b"\n" + calls("x"), b""])
def test_a_file_of_no_calls_fails_with_its_lines(gateway: Served, content: bytes) -> None:
    client = client_of(gateway)
    batch = ordered(client, content)
    assert batch.status == "failed"
    assert batch.errors.data[0].message


def test_what_cannot_be_a_batch_is_refused(gateway: Served) -> None:
    client = client_of(gateway)
    file = client.files.create(file=("a", b"x"), purpose="batch")
    with pytest.raises(openai.BadRequestError, match="endpoint"):
        client.batches.create(input_file_id=file.id, endpoint="/v1/nothing", completion_window="24h")  # type: ignore[arg-type]
    with pytest.raises(openai.NotFoundError):
        client.batches.create(input_file_id="file-none", endpoint="/v1/embeddings", completion_window="24h")
    with pytest.raises(openai.BadRequestError, match="purpose"):
        client.post(
            "/files",
            cast_to=object,
            files={"file": ("a", b"x")},
            options={"headers": {"content-type": "multipart/form-data"}},
        )


def test_a_batch_is_cancelled(gateway: Served, host: Replaying) -> None:
    host.gate = threading.Event()
    client = client_of(gateway)
    batch = ordered(client, calls(*"abcdefghijkl"))
    assert client.batches.cancel(batch.id).status in ("cancelling", "cancelled")
    host.gate.set()
    batch = ended(client, batch.id)
    assert batch.status == "cancelled"
    assert batch.request_counts.completed <= 4
    lines = [json.loads(line) for line in client.files.content(batch.error_file_id).text.splitlines()]
    assert {line["error"]["code"] for line in lines} == {"batch_cancelled"}
    assert batch.request_counts.completed + len(lines) == 12


def test_a_batch_goes_on_after_a_restart(host: Replaying, tmp_path: Path) -> None:
    host.gate = threading.Event()
    with serving(directory(host), tmp_path) as served:
        batch = ordered(client_of(served), calls(*"abcdef"))
    host.gate.set()
    with serving(directory(host), tmp_path) as served:
        client = client_of(served)
        batch = ended(client, batch.id)
        assert (batch.status, batch.request_counts.completed) == ("completed", 6)
        lines = client.files.content(batch.output_file_id).text.splitlines()
        assert len({json.loads(line)["custom_id"] for line in lines}) == len(lines) == 6


def test_message_batches_over_a_host_of_another_dialect(gateway: Served) -> None:
    client = messages_of(gateway)
    params: Any = {"model": "gpt-x", "max_tokens": 10, "messages": [{"role": "user", "content": "ping"}]}
    bad: Any = {**params, "model": "nobody"}
    batch = client.messages.batches.create(
        requests=[{"custom_id": "good", "params": params}, {"custom_id": "bad", "params": bad}]
    )
    assert batch.processing_status == "in_progress"

    def look() -> Any:
        now = client.messages.batches.retrieve(batch.id)
        return now if now.processing_status == "ended" else None

    done = until(look)
    assert (done.request_counts.succeeded, done.request_counts.errored) == (1, 1)
    results = {each.custom_id: each.result for each in client.messages.batches.results(batch.id)}
    good = results["good"]
    assert good.type == "succeeded"
    assert getattr(good.message.content[0], "text", "") == "pong"
    assert results["bad"].type == "errored"
    assert [each.id for each in client.messages.batches.list()] == [batch.id]
    assert client.messages.batches.delete(batch.id).id == batch.id
    with pytest.raises(anthropic.NotFoundError):
        client.messages.batches.retrieve(batch.id)
    with pytest.raises(anthropic.BadRequestError):
        client.messages.batches.create(requests=[])


def test_a_message_batch_is_cancelled(gateway: Served, host: Replaying) -> None:
    host.gate = threading.Event()
    client = messages_of(gateway)
    params: Any = {"model": "gpt-x", "max_tokens": 10, "messages": [{"role": "user", "content": "ping"}]}
    batch = client.messages.batches.create(
        requests=[{"custom_id": f"c{n}", "params": params} for n in range(9)]
    )
    with pytest.raises(anthropic.AnthropicError):
        list(client.messages.batches.results(batch.id))
    assert client.messages.batches.cancel(batch.id).processing_status in ("canceling", "ended")
    host.gate.set()
    until(lambda: client.messages.batches.retrieve(batch.id).processing_status == "ended")
    kinds = [each.result.type for each in client.messages.batches.results(batch.id)]
    assert len(kinds) == 9
    assert "canceled" in kinds


def test_a_file_that_a_host_holds(gateway: Served, host: Replaying) -> None:
    shown = {
        "id": "file-theirs",
        "object": "file",
        "bytes": 3,
        "created_at": 1,
        "filename": "a.pdf",
        "purpose": "user_data",
        "status": "processed",
    }
    host.told["POST", "/v1/files"] = Told((json.dumps(shown).encode(),))
    host.told["GET", "/v1/files/file-theirs/content"] = Told((b"\x00\x01",), "application/octet-stream")
    host.told["DELETE", "/v1/files/file-theirs"] = Told(
        (b'{"id":"file-theirs","object":"file","deleted":true}',)
    )
    client = client_of(gateway)
    file = client.files.create(file=("a.pdf", b"PDF"), purpose="user_data")
    assert file.id == "file-theirs"
    assert host.asked[-1].headers["authorization"] == "Bearer theirs"
    assert b"PDF" in host.asked[-1].body
    assert [each.id for each in client.files.list()] == ["file-theirs"]
    assert client.files.content("file-theirs").read() == b"\x00\x01"
    with pytest.raises(openai.NotFoundError):
        client_of(gateway, "cp-two").files.content("file-theirs")
    assert client.files.delete("file-theirs").deleted
    assert host.asked[-1].method == "DELETE"
    assert list(client.files.list()) == []


def test_a_batch_that_a_host_works_off(gateway: Served, host: Replaying) -> None:
    file = {
        "id": "file-in",
        "object": "file",
        "bytes": 3,
        "created_at": 1,
        "filename": "a",
        "purpose": "batch",
        "status": "processed",
    }
    shown: dict[str, Any] = {
        "id": "batch_theirs",
        "object": "batch",
        "endpoint": "/v1/embeddings",
        "input_file_id": "file-in",
        "completion_window": "24h",
        "status": "validating",
        "created_at": 1,
    }
    host.told["POST", "/v1/files"] = Told((json.dumps(file).encode(),))
    host.told["POST", "/v1/batches"] = Told((json.dumps(shown).encode(),))
    done = {**shown, "status": "completed", "output_file_id": "file-out"}
    host.told["GET", "/v1/batches/batch_theirs"] = Told((json.dumps(done).encode(),))
    host.told["GET", "/v1/files/file-out/content"] = Told((b"{}\n",), "application/octet-stream")
    client = client_of(gateway)
    sent = client.files.create(
        file=("a", b"x"), purpose="batch", extra_headers={"x-counterpoint-host": "holder"}
    )
    batch = client.batches.create(input_file_id=sent.id, endpoint="/v1/embeddings", completion_window="24h")
    assert batch.id == "batch_theirs"
    assert client.batches.retrieve(batch.id).output_file_id == "file-out"
    assert client.files.content("file-out").read() == b"{}\n"
    with pytest.raises(openai.NotFoundError):
        client_of(gateway, "cp-two").batches.retrieve(batch.id)
    with pytest.raises(openai.BadRequestError, match="holder"):
        client.files.create(
            file=("a", b"x"), purpose="batch", extra_headers={"x-counterpoint-host": "chatty"}
        )


def test_a_hosts_own_words_for_what_it_refuses(gateway: Served, host: Replaying) -> None:
    error = {"error": {"message": "too large", "type": "invalid_request_error", "code": "file_too_large"}}
    host.told["POST", "/v1/files"] = Told((json.dumps(error).encode(),), status=400)
    with pytest.raises(openai.BadRequestError, match="too large"):
        client_of(gateway).files.create(file=("a", b"x"), purpose="vision")


def test_files_of_the_messages_api(gateway: Served, host: Replaying) -> None:
    shown = {
        "type": "file",
        "id": "file_theirs",
        "filename": "a",
        "mime_type": "text/plain",
        "size_bytes": 1,
        "created_at": "2026-01-01T00:00:00Z",
        "downloadable": False,
    }
    host.told["POST", "/v1/files"] = Told((json.dumps(shown).encode(),))
    host.told["DELETE", "/v1/files/file_theirs"] = Told((b'{"id":"file_theirs","type":"file_deleted"}',))
    client = messages_of(gateway)
    file = client.beta.files.upload(file=("a", b"x", "text/plain"))
    assert file.id == "file_theirs"
    assert host.asked[-1].headers["anthropic-version"]
    assert client.beta.files.retrieve_metadata("file_theirs").filename == "a"
    assert [each.id for each in client.beta.files.list()] == ["file_theirs"]
    assert client.beta.files.delete("file_theirs").id == "file_theirs"
