from fastapi.testclient import TestClient

ANY = {"If-Match": "*"}


def test_rules_are_replaced_as_a_whole(operator: TestClient) -> None:
    wanted = {
        "aliases": [{"pattern": "fast", "target": "small"}, {"pattern": "gpt-*", "target": "large"}],
        "prefer": ["local", "groq"],
    }
    answer = operator.put("/api/v1/rules", json=wanted, headers=ANY)
    assert answer.status_code == 200
    rules = operator.get("/api/v1/rules").json()
    assert rules == answer.json()
    assert rules["aliases"][1] == {"pattern": "gpt-*", "target": "large", "owner": "studio"}
    assert [item["host"] for item in rules["prefer"]] == ["local", "groq"]
    emptied = operator.put("/api/v1/rules", json={}, headers=ANY).json()
    assert (emptied["aliases"], emptied["prefer"]) == ([], [])


def test_rules_that_cannot_be(operator: TestClient) -> None:
    twice = [{"pattern": "a", "target": "x"}] * 2
    assert operator.put("/api/v1/rules", json={"aliases": twice}, headers=ANY).status_code == 422
    assert operator.put("/api/v1/rules", json={"prefer": ["a b"]}, headers=ANY).status_code == 422


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


def test_of_two_who_replace_the_same_rules_one_is_told(operator: TestClient) -> None:
    seen = operator.get("/api/v1/rules").headers["etag"]
    assert operator.put("/api/v1/rules", json={}).status_code == 428
    first = operator.put("/api/v1/rules", json={"prefer": ["local"]}, headers={"If-Match": seen})
    second = operator.put("/api/v1/rules", json={"prefer": ["groq"]}, headers={"If-Match": seen})
    assert (first.status_code, second.status_code) == (200, 412)
    shown = operator.get("/api/v1/rules")
    assert [item["host"] for item in shown.json()["prefer"]] == ["local"]
    assert shown.headers["etag"] == first.headers["etag"] == f'"{shown.json()["revision"]}"'


def test_rules_that_are_refused_change_nothing(operator: TestClient) -> None:
    operator.put("/api/v1/rules", json={"aliases": [{"pattern": "a", "target": "b"}]}, headers=ANY)
    before = operator.get("/api/v1/rules")
    half = {"aliases": [{"pattern": "c", "target": "d"}], "prefer": ["a b"]}
    assert operator.put("/api/v1/rules", json=half, headers=ANY).status_code == 422
    after = operator.get("/api/v1/rules")
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])
