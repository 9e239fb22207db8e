"""The whole admin API, asked what its own description allows and what it forbids: it never fails, never answers what
it does not describe, and what it answers has the shape that it promised. Nothing here names a route twice."""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import settings
from schemathesis import BaseSchema
from schemathesis.config import ChecksConfig, GenerationConfig, ProjectConfig, ProjectsConfig
from schemathesis.config._checks import (
    NegativeDataRejectionConfig,
    NotAServerErrorConfig,
    PositiveDataAcceptanceConfig,
)
from schemathesis.specs.openapi.checks import ignored_auth
from starlette.types import ASGIApp, Receive, Scope, Send

from counterpoint.api.access import COOKIE
from counterpoint.api.application import create_app
from counterpoint.api.problems import RESPONSES
from counterpoint.api.services import Services
from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.control.providers import NewProvider
from counterpoint.knowledge.administering import NewSource
from counterpoint.knowledge.asking import Wanted
from tests.unit.api.conftest import GOOD, TOKEN, StillRunning, services_over

DESCRIPTION = Path(__file__).resolve().parents[2] / "studio" / "openapi.json"
NOBODY = "http://127.0.0.1:1/v1"
"""An address at which nothing listens."""
EXAMPLES = {"ci": 8, "deep": 200, "quick": 2}.get(settings.get_current_profile_name(), 5)


def _config(phases: Sequence[str]) -> schemathesis.Config:
    generation = GenerationConfig(max_examples=EXAMPLES, with_security_parameters=False)
    seed = 1 if os.environ.get("CI") else None
    # What a description cannot say is told as 422: that a cursor was made up, a time has passed, a name is bad.
    refused = [str(status) for status in sorted(RESPONSES)]
    checks = ChecksConfig(
        positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=["2xx", *refused]),
        negative_data_rejection=NegativeDataRejectionConfig(expected_statuses=["405", *refused]),
        not_a_server_error=NotAServerErrorConfig(expected_statuses=["2xx", "3xx", "4xx", "503"]),
    )
    project = ProjectConfig(generation=generation, checks=checks)
    project.phases.update(phases=list(phases))
    return schemathesis.Config(seed=seed, projects=ProjectsConfig(default=project))


class Door:
    """Stands for the application, which is built when the first test asks for it."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


door = Door()


def described(*phases: str) -> BaseSchema:
    """The description, asked in those ways: with its examples, at every limit that it states, at random."""
    schema = schemathesis.openapi.from_path(DESCRIPTION, config=_config(phases))
    schema.app = door
    return schema


class Served:
    """The application, and who may call it."""

    def __init__(self, services: Services) -> None:
        door.app = create_app(services)
        services.closing.set()  # streams of events end at once
        made = services.tokens.create("user", "user", actor="owner", made_by="test")
        services.accounts.create_first(login="ada", name="Ada", password=GOOD)
        self.session = services.sign_in.sign_in("ada", GOOD, "127.0.0.1") or ""
        services.providers.add(NewProvider(name="mine", base_url=NOBODY), secret="a-secret-of-nobody")
        account = services.accounts.create(login="bob", name="Bob", role="user", password=None, actor="owner")
        ask = services.knowledge().asking
        nobody = services.groups.asker(None)
        ask.search(
            Wanted(question="?"), nobody
        )  # the first one loads the index's library, which takes a while
        source = services.knowledge().sources.add(NewSource(name="ci", kind="upload", readers=("all",)))
        file = services.knowledge().sources.put_file(source.row.id, "a.txt", b"text", nobody)
        self.known = {
            "group_id": services.groups.add("ci").id,
            "source_id": source.row.id,
            "document_id": file.row.id,
            "receipt_id": ask.answer(Wanted(question="?"), nobody, "en").receipt.id,
            "key_id": services.keys.create("ci").key.id,
            "account_id": account.id,
            "token_id": services.tokens.create("ci", "auditor", actor="owner", made_by="test").token.id,
            "name": "mine",
        }
        self._tokens = {"operator": TOKEN, "user": made.text}

    def headers(self, caller: str) -> dict[str, str]:
        """Of that caller's requests."""
        return {"Authorization": f"Bearer {self._tokens[caller]}", "Host": "127.0.0.1:8601"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("api") / "data"
    with (
        open_control(Settings(data=data)) as control,
        tempfile.TemporaryDirectory(prefix="cp-") as sockets,
    ):
        yield Served(services_over(control, StillRunning(), Path(sockets)))


def kept_here(case: schemathesis.Case[Any]) -> None:
    """What a request would call out to is this machine."""
    path, body = case.operation.path, case.body
    if not isinstance(body, dict):
        return
    if path.startswith("/api/v1/providers"):
        if isinstance(body.get("base_url", ""), str) and path != "/api/v1/providers/{name}/secret":
            body["base_url"] = NOBODY
    elif path == "/api/v1/models/pull" and isinstance(body.get("source"), str):
        body["source"] = f"file:/absent/{body['source']}"


def of_what_there_is(case: schemathesis.Case[Any], known: dict[str, str]) -> None:
    """Valid requests are for things that are there, in whatever version they are; but nothing is taken away."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or case.method == "DELETE":
        return
    if not case.path.endswith("/revoke"):
        for name in case.path_parameters.keys() & known.keys():
            case.path_parameters[name] = known[name]
    if case.method in {"PATCH", "PUT"}:
        case.headers["If-Match"] = "*"


everything = described("examples", "coverage", "fuzzing")


@everything.parametrize()
def test_every_answer_to_the_operator_is_one_that_is_described(
    case: schemathesis.Case[Any], served: Served
) -> None:
    of_what_there_is(case, served.known)
    kept_here(case)
    case.call_and_validate(headers=served.headers("operator"))


a_little = described("fuzzing")


@a_little.parametrize()
def test_every_answer_to_somebody_with_few_rights_is_one_that_is_described(
    case: schemathesis.Case[Any], served: Served
) -> None:
    of_what_there_is(case, served.known)
    kept_here(case)
    # Whether a request without credentials is let in does not depend on whose they would have been.
    case.call_and_validate(headers=served.headers("user"), excluded_checks=[ignored_auth])


def unsafe() -> Iterator[tuple[str, str]]:
    """What changes something, of what is described."""
    described: dict[str, dict[str, Any]] = json.loads(DESCRIPTION.read_text("utf-8"))["paths"]
    for path, methods in described.items():
        yield from ((method, path) for method in methods if method not in {"get", "head"})


def test_no_page_elsewhere_has_a_browser_change_something(served: Served) -> None:
    """The session's cookie comes along; where the request comes from is what refuses it."""
    walked = 0
    with TestClient(door, base_url="http://127.0.0.1:8601", cookies={COOKIE: served.session}) as browser:
        for method, path in unsafe():
            for origin in ({}, {"Origin": "https://evil.example.com"}, {"Sec-Fetch-Site": "same-site"}):
                answer = browser.request(method, path, headers=origin)
                assert answer.status_code == 403, f"{method} {path}"
                assert answer.json()["type"].endswith("api.other_origin"), f"{method} {path}"
            walked += 1
        assert browser.get("/api/v1/me").status_code == 200
    assert walked > 20
