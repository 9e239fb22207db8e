import pytest
from fastapi.testclient import TestClient

from counterpoint.api.flaws import flaw


@pytest.mark.parametrize(
    ("body", "where", "english", "french"),
    [
        ({}, "body.name", "missing", "manque"),
        ({"name": 7}, "body.name", "must be text", "du texte"),
        ({"name": "x", "colour": "red"}, "body.colour", "nothing here", "rien ici"),
        ({"name": "x" * 201}, "body.name", "more than 200 characters", "plus de 200 caractères"),
        ({"name": "x", "models": "all"}, "body.models", "must be a list", "une liste"),
        ({"name": "x", "models": ["m"] * 101}, "body.models", "more than 100 items", "plus de 100 éléments"),
        ({"name": "x", "expires_at": 7}, "body.expires_at", "2027-01-31T00:00:00Z", "2027-01-31T00:00:00Z"),
        ({"name": "x", "expires_at": "2027-01-01T00:00:00"}, "body.expires_at", "zone", "fuseau"),
        ({"name": "x", "expires_at": "2027-13-01T00:00:00Z"}, "body.expires_at", "zone", "fuseau"),
    ],
)
def test_flaws_are_told_in_the_readers_language(
    operator: TestClient, body: dict[str, object], where: str, english: str, french: str
) -> None:
    for lang, words in (("en", english), ("fr", french)):
        answer = operator.post("/api/v1/keys", json=body, headers={"Accept-Language": lang})
        assert answer.status_code == 422
        (found,) = answer.json()["flaws"]
        assert found["where"] == where
        assert words in found["reason"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/v1/keys?limit=x", "whole number"),
        ("/api/v1/keys?limit=0", "1 or more"),
        ("/api/v1/keys?limit=501", "500 or less"),
        ("/api/v1/keys?state=old", "'active', 'expired' or 'revoked'"),
        ("/api/v1/keys?revoked=perhaps", "true or false"),
        ("/api/v1/usage?since=0", "2027-01-31T00:00:00Z"),
        ("/api/v1/explain", "missing"),
        ("/api/v1/explain?model=", "fewer than 1"),
    ],
)
def test_flaws_of_queries(operator: TestClient, path: str, words: str) -> None:
    (found,) = operator.get(path).json()["flaws"]
    assert words in found["reason"]


def test_a_body_that_is_no_json(operator: TestClient) -> None:
    answer = operator.post(
        "/api/v1/keys", content=b"{", headers={"Content-Type": "application/json", "Accept-Language": "fr"}
    )
    assert "n'est pas du JSON" in answer.json()["flaws"][0]["reason"]


def test_what_we_have_no_words_for_keeps_its_own() -> None:
    found = flaw({"loc": ("body", "x", 1), "type": "brand_new", "msg": "Something else"}, "fr")
    assert (found.where, found.reason) == ("body.x.1", "Something else")
