from fastapi.testclient import TestClient


def test_the_caller_sees_what_it_may_do(operator: TestClient) -> None:
    me = operator.get("/api/v1/me").json()
    assert me["signed_in_by"] == "token"
    assert "keys.write" in me["rights"]


def test_the_api_describes_itself(operator: TestClient) -> None:
    described = operator.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    create = described["paths"]["/api/v1/keys"]["post"]
    assert create["summary"] == "Create a key"
    assert {"201", "401", "409", "422"} <= create["responses"].keys()
    assert described["components"]["schemas"]["KeyShape"]["properties"]["hint"]["description"]
