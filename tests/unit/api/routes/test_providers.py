from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.hosts import FakeHost, fake_host

PROVIDERS = "/api/v1/providers"
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

    assert operator.patch(f"{PROVIDERS}/mine", json={"enabled": False}).json()["state"] == "disabled"
    assert operator.patch(f"{PROVIDERS}/mine", json={}).status_code == 422
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
