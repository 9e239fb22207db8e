"""The gateway's front: what it answers by itself, to whom, and in which dialect."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from counterpoint.directory import Key
from counterpoint.directory.routes import Constraints, Project, Route, Target
from tests.unit.gateway.conversation import DIRECTORY, SECRET, chat
from tests.unit.gateway.front import Front, with_front

VERSION = "2023-06-01"


def test_health_needs_no_key(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        assert (await front.call("GET", "/healthz", key=""))[0] == 200
        status, _, body = await front.call("GET", "/readyz", key="")
        assert (status, body) == (200, {"status": "ok", "revision": 1})

    with_front(tmp_path, test)


def test_without_a_directory_it_is_alive_but_not_ready(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        assert (await front.call("GET", "/healthz"))[0] == 200
        assert (await front.call("GET", "/readyz"))[0] == 503
        status, headers, body = await front.call("POST", "/v1/messages", chat("gpt-x"))
        assert (status, body["type"], headers["retry-after"]) == (503, "error", "1")

    with_front(tmp_path, test, directory=None)


def test_models_are_listed_in_the_callers_dialect_and_within_his_rights(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        status, _, body = await front.call("GET", "/v1/models")
        assert (status, body["object"]) == (200, "list")
        assert "alpha/gpt-x" in {item["id"] for item in body["data"]}
        _, _, body = await front.call("GET", "/v1/models", key="narrow")
        assert {item["id"].partition("/")[0] for item in body["data"]} == {"alpha"}
        _, _, body = await front.call("GET", "/v1/models", anthropic_version=VERSION)
        assert body["data"][0]["type"] == "model"
        assert (await front.call("GET", "/v1/models", key=""))[0] == 401
        assert (await front.call("GET", "/v1/models", key="late"))[0] == 200
        assert (await front.call("GET", "/v1/models", key="wrong"))[0] == 401

    with_front(tmp_path, test)


def test_sessions_are_judged_by_every_new_directory(tmp_path: Path) -> None:
    class Session:
        judged = 0

        def reconsider(self) -> None:
            self.judged += 1

    async def test(front: Front) -> None:
        session: Any = Session()
        front.gateway._sessions.add(session)
        front.gateway.publish(DIRECTORY)
        front.gateway._sessions.clear()
        assert session.judged == 1

    with_front(tmp_path, test)


def test_a_key_that_comes_with_a_new_directory_is_bound_by_it(tmp_path: Path) -> None:
    new = Key("k9", "new", "p9", "o1")
    confined = {"p9": Project("p9", "nine", constraints=Constraints(makers=("nobody",)))}

    async def test(front: Front) -> None:
        class Publishing:
            def look_up(self, digest: bytes, answer: Callable[[Key | None], None]) -> None:
                front.gateway.publish(structs.replace(DIRECTORY, projects=confined))
                answer(new)

        front.plant.keys = Publishing()
        status, _, body = await front.call("POST", "/v1/chat/completions", chat("gpt-x"), key="brand-new")
        assert (status, body["error"]["code"]) == (400, "model_unusable")

    with_front(tmp_path, test)


def test_a_route_is_one_more_model_in_the_list(tmp_path: Path) -> None:
    routed = structs.replace(DIRECTORY, routes=(Route("chat", targets=(Target("gpt-x"),)),))

    async def test(front: Front) -> None:
        _, _, body = await front.call("GET", "/v1/models")
        assert body["data"][0]["id"] == "chat"
        _, _, body = await front.call("GET", "/v1/models/chat", anthropic_version=VERSION)
        assert body["id"] == "chat"

    with_front(tmp_path, test, directory=routed)


def test_one_model_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        for name in ("alpha/gpt-x", "gpt-x", "alpha%2Fgpt-x"):
            _, _, body = await front.call("GET", f"/v1/models/{name}")
            assert body["id"] == "alpha/gpt-x"
        status, _, body = await front.call("GET", "/v1/models/gpt-y")
        assert (status, "gpt-x" in body["error"]["message"]) == (404, True)
        status, _, body = await front.call("GET", "/v1/models/gpt-x", anthropic_version=VERSION)
        assert (status, body["type"]) == (200, "model")

    with_front(tmp_path, test)


def test_a_wrong_path_or_method_is_told_the_right_ones(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        status, _, body = await front.call("POST", "/v1/chat/completion", chat("gpt-x"))
        assert status == 404
        assert "POST /v1/chat/completions" in body["error"]["message"]
        status, _, body = await front.call("POST", "/nowhere", chat("gpt-x"), anthropic_version=VERSION)
        assert (status, body["type"]) == (404, "error")
        status, headers, body = await front.call("GET", "/v1/messages")
        assert (status, body["type"], headers["allow"]) == (405, "error", "POST")
        assert "POST" in body["error"]["message"]

    with_front(tmp_path, test)


def test_refusals_speak_the_callers_language(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        _, _, body = await front.call(
            "POST", "/v1/chat/completions", chat("rien"), accept_language="fr-FR,en;q=0.5"
        )
        assert "n'est pas proposé" in body["error"]["message"]

    with_front(tmp_path, test)


def test_what_cannot_be_parsed_is_refused_in_the_dialect_of_its_path(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        head = b"POST /v1/messages HTTP/1.1\r\nhost: x\r\n"
        status, _, body = await front.raw(head + b"content-length: 99999999999\r\n\r\n")
        assert (status, body["error"]["type"]) == (413, "request_too_large")
        status, _, body = await front.raw(b"POST /v1/chat/completions HTTP/1.1\r\nx y: z\r\n\r\n")
        assert (status, body["error"]["type"]) == (400, "invalid_request_error")

    with_front(tmp_path, test)


def test_a_compressed_body_is_refused_in_words(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        status, _, body = await front.call("POST", "/v1/chat/completions", b"xx", content_encoding="gzip")
        assert (status, "uncompressed" in body["error"]["message"]) == (415, True)

    with_front(tmp_path, test)


@pytest.mark.parametrize(
    ("allowed", "origin", "granted"),
    [
        ((), "https://a.example", None),
        (("https://a.example",), "https://a.example", "https://a.example"),
        (("https://a.example",), "https://b.example", None),
        (("*",), "https://b.example", "*"),
    ],
)
def test_pages_of_other_origins_may_call_only_when_configured(
    tmp_path: Path, allowed: tuple[str, ...], origin: str, granted: str | None
) -> None:
    async def test(front: Front) -> None:
        _, headers, _ = await front.call("GET", "/v1/models", origin=origin)
        assert headers.get("access-control-allow-origin") == granted
        status, headers, _ = await front.call(
            "OPTIONS", "/v1/chat/completions", origin=origin, access_control_request_method="POST", key=""
        )
        assert status == (204 if granted else 403)
        assert headers.get("access-control-allow-origin") == granted
        _, headers, _ = await front.call("POST", "/v1/chat/completions", chat("nope"), origin=origin)
        assert headers.get("access-control-allow-origin") == granted

    with_front(tmp_path, test, cors=allowed)


def test_every_answer_and_its_entry_have_the_same_id(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        _, headers, _ = await front.call("POST", "/v1/chat/completions", chat("nope"))
        _, other, _ = await front.call("POST", "/v1/messages", chat("nope"))
        assert [entry.id for entry in front.entries()] == [headers["x-request-id"], other["request-id"]]

    with_front(tmp_path, test)


def test_a_model_that_cannot_be_had_is_a_clear_error(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        status, _, body = await front.call("POST", "/v1/chat/completions", chat("tiny"))
        assert (status, body["error"]["message"]) == (503, "no tiny here")
        status, _, body = await front.call("POST", "/v1/chat/completions", chat("gpt-x"))
        assert (status, "alpha" in json.dumps(body)) == (502, True)

    with_front(tmp_path, test)


def test_clients_for_local_models_find_what_they_look_for(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        status, _, told = await front.call("GET", "/api/version", key="")
        assert (status, list(told)) == (200, ["version"])
        status, _, told = await front.call("POST", "/api/show", b'{"name": "local/tiny"}')
        assert (status, told["capabilities"]) == (200, ["completion"])
        status, _, told = await front.call("POST", "/api/show", b"{}")
        assert (status, "model" in told["error"]) == (400, True)
        status, _, told = await front.call("GET", "/api/ps")
        assert (status, told) == (200, {"models": []})
        status, _, told = await front.call("POST", "/api/pull", b'{"model": "tiny"}')
        assert (status, "counterpoint models pull" in told["error"]) == (403, True)
        status, _, told = await front.call("GET", "/api/tags", key="wrong")
        assert (status, list(told)) == (401, ["error"])

    with_front(tmp_path, test)


def test_the_query_may_hold_the_key_and_choose_the_form_of_a_stream(tmp_path: Path) -> None:
    async def test(front: Front) -> None:
        status, _, body = await front.call("GET", f"/v1beta/models?key={SECRET}", key="")
        assert status == 200
        assert "models/alpha/gpt-x" in {item["name"] for item in body["models"]}
        assert (await front.call("GET", "/v1beta/models?key=wrong", key=""))[0] == 401
        _, _, body = await front.call("GET", "/v1/models", key="", x_goog_api_key=SECRET)
        assert "models" in body
        asked = b'{"contents":[]}'
        stream = "/v1beta/models/no-such:streamGenerateContent"
        status, _, body = await front.call("POST", stream, asked)
        assert (status, body[0]["error"]["status"]) == (404, "NOT_FOUND")
        status, _, body = await front.call("POST", f"{stream}?alt=sse", asked)
        assert (status, body["error"]["status"]) == (404, "NOT_FOUND")

    with_front(tmp_path, test)
