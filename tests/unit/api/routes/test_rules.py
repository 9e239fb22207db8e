from fastapi.testclient import TestClient

from counterpoint.app.compose import Control


def test_rules_as_they_are_applied(operator: TestClient, control: Control) -> None:
    control.rules.set_aliases([("fast", "small"), ("gpt-*", "large")])
    control.rules.set_preferred(["local", "groq"])
    assert operator.get("/api/v1/rules").json() == {
        "aliases": [{"pattern": "fast", "target": "small"}, {"pattern": "gpt-*", "target": "large"}],
        "prefer": ["local", "groq"],
    }


def test_a_name_is_explained_in_the_readers_language(operator: TestClient) -> None:
    operator.post("/api/v1/providers", json={"name": "groq", "secret": "gsk-for-the-test-only"})
    asked = {"model": "gpt-oss-20b"}
    found = operator.get("/api/v1/explain", params=asked).json()
    assert found["candidates"][0]["offering"] == "groq/openai/gpt-oss-20b"
    french = operator.get("/api/v1/explain", params=asked, headers={"Accept-Language": "fr"}).json()
    assert french["candidates"][0]["reason"] != found["candidates"][0]["reason"]


def test_an_unknown_name_is_an_answer_not_an_error(operator: TestClient) -> None:
    found = operator.get("/api/v1/explain", params={"model": "absent"}).json()
    assert found["candidates"] == []
    assert operator.get("/api/v1/explain", params={"model": "x", "key": "absent"}).status_code == 404
    assert operator.get("/api/v1/explain").status_code == 422
