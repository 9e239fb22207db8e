from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.hosts import FakeHost, fake_host

PROVIDERS = "/api/v1/providers"
ANY = {"If-Match": "*"}
SECRET = "sk-the-right-secret-of-this-host"


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with fake_host(SECRET) as running:
        running.lists("tiny-1", "tiny-2")
        yield running


def test_a_provider_from_first_to_last(operator: TestClient, host: FakeHost) -> None:
    new = {"name": "mine", "base_url": f"{host.url}/v1", "secret": SECRET}
    tried = operator.post(f"{PROVIDERS}/try", json=new).json()
    assert tried["ok"] is True
    assert operator.get(PROVIDERS).json()["items"] == []

    added = operator.post(PROVIDERS, json=new)
    assert added.status_code == 201
    assert added.json()["secret"] == "…host"
    tested = operator.post(f"{PROVIDERS}/mine/test", headers={"Accept-Language": "fr"}).json()
    assert tested["models"] == ["tiny-1", "tiny-2"]
    assert "2 modèles" in tested["sentence"]
    shown = operator.get(f"{PROVIDERS}/mine").json()
    assert shown["found_models"] == 2
    assert shown["state"] == "ready"

    changed = operator.put(f"{PROVIDERS}/mine/secret", json={"secret": "sk-some-other-secret"})
    assert changed.json()["secret"] == "…cret"
    assert operator.post(f"{PROVIDERS}/mine/test").json()["verdict"] == "refused_secret"

    off = operator.patch(f"{PROVIDERS}/mine", json={"enabled": False}, headers=ANY)
    assert off.json()["state"] == "disabled"
    assert operator.patch(f"{PROVIDERS}/mine", json={"enabled": None}, headers=ANY).status_code == 422
    assert operator.delete(f"{PROVIDERS}/mine").status_code == 204
    assert operator.get(f"{PROVIDERS}/mine").status_code == 404


def test_no_answer_holds_a_secret(operator: TestClient, host: FakeHost) -> None:
    new = {"name": "mine", "base_url": f"{host.url}/v1", "secret": SECRET}
    answers = [operator.post(PROVIDERS, json=new), operator.get(PROVIDERS), operator.get(f"{PROVIDERS}/mine")]
    # A request that is refused must not be quoted with its secret either.
    answers.append(operator.post(PROVIDERS, json=new | {"name": ""}))
    answers.append(operator.post(PROVIDERS, json=new | {"colour": "red"}))
    assert [answer.status_code for answer in answers] == [201, 200, 200, 422, 422]
    assert SECRET not in "".join(answer.text for answer in answers)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": "a b"}, 422),
        ({"name": "local"}, 422),
        ({"host": "groqq"}, 404),
        ({"base_url": 7}, 422),
        ({"secret": "x" * 20_000}, 422),
    ],
)
def test_what_cannot_be_added(operator: TestClient, change: dict[str, object], status: int) -> None:
    new = {"name": "mine", "base_url": "http://127.0.0.1:9/v1"} | change
    assert operator.post(PROVIDERS, json=new).status_code == status


def test_a_name_is_taken_once(operator: TestClient) -> None:
    new = {"name": "mine", "base_url": "http://127.0.0.1:9/v1"}
    assert operator.post(PROVIDERS, json=new).status_code == 201
    assert operator.post(PROVIDERS, json=new).status_code == 409


def test_what_an_edit_leaves_out_stays(operator: TestClient) -> None:
    operator.post(PROVIDERS, json={"name": "groq", "secret": SECRET, "models": ["a", "b"]})
    shown = operator.get(f"{PROVIDERS}/groq")
    edit = {"If-Match": shown.headers["etag"]}
    fewer = operator.patch(f"{PROVIDERS}/groq", json={"models": ["a"]}, headers=edit)
    assert fewer.status_code == 200
    assert fewer.json()["models"] == ["a"]
    assert fewer.json()["secret"] == shown.json()["secret"]
    assert fewer.json()["state"] == "ready"
    all_of_them = operator.patch(f"{PROVIDERS}/groq", json={"models": None}, headers=ANY)
    assert all_of_them.json()["models"] is None
    same = operator.patch(f"{PROVIDERS}/groq", json={}, headers=ANY)
    assert same.headers["etag"] == all_of_them.headers["etag"]


def test_of_two_edits_of_the_same_provider_one_is_told(operator: TestClient) -> None:
    operator.post(PROVIDERS, json={"name": "groq", "secret": SECRET})
    seen = {"If-Match": operator.get(f"{PROVIDERS}/groq").headers["etag"]}
    assert operator.patch(f"{PROVIDERS}/groq", json={"enabled": False}).status_code == 428
    assert operator.patch(f"{PROVIDERS}/groq", json={"enabled": False}, headers=seen).status_code == 200
    late = operator.patch(f"{PROVIDERS}/groq", json={"models": ["a"]}, headers=seen)
    assert late.status_code == 412
    assert operator.get(f"{PROVIDERS}/groq").json()["models"] is None


def test_a_secret_does_not_follow_an_address_elsewhere(operator: TestClient, host: FakeHost) -> None:
    new = {"name": "mine", "base_url": "https://api.example.com/v1", "secret": SECRET}
    assert operator.post(PROVIDERS, json=new).status_code == 201
    moved = operator.patch(f"{PROVIDERS}/mine", json={"base_url": f"{host.url}/v1"}, headers=ANY)
    assert moved.status_code == 422
    assert moved.json()["type"].endswith("control.providers.secret_again")
    assert operator.get(f"{PROVIDERS}/mine").json()["base_url"] == "https://api.example.com/v1"
    same_place = {"base_url": "https://api.example.com/v2"}
    assert operator.patch(f"{PROVIDERS}/mine", json=same_place, headers=ANY).status_code == 200
    anew = {"base_url": f"{host.url}/v1", "secret": SECRET}
    assert operator.patch(f"{PROVIDERS}/mine", json=anew, headers=ANY).status_code == 200
    assert operator.post(f"{PROVIDERS}/mine/test").json()["ok"] is True


def test_pages_and_filters(operator: TestClient) -> None:
    for name in ("zoo", "a", "b"):
        operator.post(PROVIDERS, json={"name": name, "base_url": "http://127.0.0.1:9/v1"})
    operator.patch(f"{PROVIDERS}/b", json={"enabled": False}, headers=ANY)
    first = operator.get(PROVIDERS, params={"limit": 2}).json()
    second = operator.get(PROVIDERS, params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["a", "b", "zoo"]
    assert second["next"] is None
    assert operator.get(PROVIDERS, params={"cursor": "xyz"}).status_code == 422
    off = operator.get(PROVIDERS, params={"state": "disabled"}).json()["items"]
    assert [item["name"] for item in off] == ["b"]
    assert [item["name"] for item in operator.get(PROVIDERS, params={"q": "ZO"}).json()["items"]] == ["zoo"]


def test_a_list_tells_how_each_answered_last(operator: TestClient, host: FakeHost) -> None:
    operator.post(PROVIDERS, json={"name": "mine", "base_url": f"{host.url}/v1", "secret": SECRET})
    (before,) = operator.get(PROVIDERS).json()["items"]
    assert (before["tried"], before["offered"], before["kind"]) == (None, 0, "custom")
    operator.post(f"{PROVIDERS}/mine/test")
    (after,) = operator.get(PROVIDERS, headers={"Accept-Language": "fr"}).json()["items"]
    assert after["offered"] == 2
    assert after["tried"]["ok"]
    assert "2 modèles" in after["tried"]["sentence"]
    assert operator.get(f"{PROVIDERS}/mine").json()["tried"]["verdict"] == "ok"
    operator.put(f"{PROVIDERS}/mine/secret", json={"secret": "sk-some-other-secret"})
    assert operator.get(f"{PROVIDERS}/mine").json()["tried"] is None, "it is another secret now"


def test_a_vendors_country_is_told(operator: TestClient) -> None:
    operator.post(PROVIDERS, json={"name": "mistral", "secret": SECRET})
    shown = operator.get(f"{PROVIDERS}/mistral").json()
    assert (shown["country"], shown["kind"]) == ("FR", "cloud")
    assert shown["offered"] > 10
