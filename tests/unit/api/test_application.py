import json
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoint.api.application import UnguardedRouteError, create_app
from counterpoint.api.description import describe
from counterpoint.api.routes import health
from counterpoint.api.services import Services


def test_an_application_with_an_unguarded_route_is_not_built(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaking = APIRouter()

    @leaking.get("/leak")
    def leak() -> str:
        return "everything"

    monkeypatch.setattr(health, "router", leaking)
    with pytest.raises(UnguardedRouteError, match="GET /leak"):
        create_app(services)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["name", "project", "models", "expires_at", "grace_seconds", "host", "base_url", "settings", "secret"]
)
BODIES = JSON | st.dictionaries(FIELDS, JSON, max_size=5)
APART = {"/api/v1/providers/try", "/api/v1/models/pull", "/api/v1/events"}
"""The first two would go to wherever a body says; the third goes on for as long as somebody listens."""


@pytest.fixture
def paths(services: Services) -> dict[str, Any]:
    """Every path with its methods."""
    described: dict[str, Any] = describe(create_app(services))["paths"]
    return described


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_no_request_breaks_it(operator: TestClient, paths: dict[str, Any], data: st.DataObject) -> None:
    """Any method, path, query and body: an answer that is described, never a defect of ours."""
    path = data.draw(st.sampled_from(sorted(paths.keys() - APART)))
    method = data.draw(st.sampled_from(sorted(paths[path])))
    names = st.text(max_size=12) | st.sampled_from(["demo", "%00", "..", "a/b"])
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + quote(data.draw(names), safe="") + rest.partition("}")[2]
    parameters = st.sampled_from(["limit", "cursor", "by", "since", "q", "model", "key", "period", "failed"])
    query = data.draw(st.dictionaries(parameters, st.text(max_size=12), max_size=3))
    body = data.draw(BODIES)
    content = json.dumps(body).encode() if data.draw(st.booleans()) else data.draw(st.binary(max_size=30))
    answer = operator.request(
        method, path, params=query, content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    if answer.status_code >= 400:
        assert answer.json()["status"] == answer.status_code
