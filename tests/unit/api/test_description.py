import json
from typing import Any

import pytest

from counterpoint.api.application import create_app
from counterpoint.api.description import describe
from counterpoint.api.services import Services


@pytest.fixture
def described(services: Services) -> dict[str, Any]:
    return describe(create_app(services))


def operations(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, item) for path, methods in described["paths"].items() for item in methods.values()]


def test_operation_ids_are_unique_and_short(described: dict[str, Any]) -> None:
    ids = [item["operationId"] for path, item in operations(described) if path.startswith("/api")]
    assert len(set(ids)) == len(ids)
    assert {"keys_list", "keys_create", "models_pull", "providers_test", "usage_list_entries"} <= set(ids)


def test_every_operation_is_described(described: dict[str, Any]) -> None:
    for path, item in operations(described):
        assert item["summary"], path
        assert item["description"].endswith("."), path
        if path.startswith("/api"):
            assert {"421", "503"} <= item["responses"].keys()


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [found for inner in value.values() for found in references(inner)]
        if isinstance(value, list):
            return [found for inner in value for found in references(inner)]
        return []

    for reference in references(described):
        at: Any = described
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]


def test_credentials_are_asked_for_but_by_probes(described: dict[str, Any]) -> None:
    assert described["security"] == [{"token": []}, {"session": []}]
    for path, method in (("/healthz", "get"), ("/api/v1/session", "post")):
        assert described["paths"][path][method]["security"] == []
    assert "security" not in described["paths"]["/api/v1/session"]["delete"]


def test_problems_are_read_off_the_routes(described: dict[str, Any]) -> None:
    answers = described["paths"]["/api/v1/keys/{key_id}"]["patch"]["responses"]
    assert {"200", "401", "403", "404", "409", "412", "413", "422", "428"} <= answers.keys()
    assert answers["200"]["headers"]["ETag"]
    assert "429" in described["paths"]["/api/v1/session"]["post"]["responses"]
    assert described["components"]["responses"]["too_many"]["headers"]["Retry-After"]
    assert "412" not in described["paths"]["/api/v1/keys"]["get"]["responses"]
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_describing_twice_is_the_same(services: Services) -> None:
    app = create_app(services)
    first = json.dumps(describe(app))
    assert json.dumps(describe(app)) == first
