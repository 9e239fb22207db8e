import pytest
from fastapi.testclient import TestClient

MODELS = "/api/v1/catalog/models"


def test_search_filters_and_pages(operator: TestClient) -> None:
    asked: dict[str, str | int | bool | list[str]] = {
        "q": "qwen",
        "open_weights": True,
        "capability": ["tools"],
        "limit": 5,
    }
    first = operator.get(MODELS, params=asked).json()
    second = operator.get(MODELS, params=asked | {"cursor": first["next"]}).json()
    found = first["items"] + second["items"]
    assert len({item["name"] for item in found}) == 10
    assert all(item["open_weights"] and "tools" in item["capabilities"] for item in found)


def test_a_price_limit(operator: TestClient) -> None:
    for model in operator.get(MODELS, params={"max_input": 0.05, "limit": 10}).json()["items"]:
        assert all(float(offer["input_price"]) <= 0.05 for offer in model["offers"])


@pytest.mark.parametrize("name", ["gpt-oss-20b", "groq/openai/gpt-oss-20b", "GPT-OSS-20B"])
def test_a_model_in_full(operator: TestClient, name: str) -> None:
    model = operator.get(f"{MODELS}/{name}").json()
    assert model["name"] == "gpt-oss-20b"
    assert model["licence"] == "Apache-2.0"
    assert model["offers"]


def test_unknown_names_and_cursors(operator: TestClient) -> None:
    assert operator.get(f"{MODELS}/no-such-model-anywhere").status_code == 404
    assert operator.get(MODELS, params={"cursor": "x"}).status_code == 422
    assert operator.get(MODELS, params={"max_input": "nan"}).status_code == 422
    assert operator.get(MODELS, params={"limit": 501}).status_code == 422


def test_the_list_is_light_sorted_and_says_whose_price_it_is(operator: TestClient) -> None:
    asked: dict[str, str | int] = {
        "maker": "anthropic",
        "sort": "released",
        "offers": "false",
        "retired": "true",  # as the one looked at below will be some day
        "limit": 500,
    }
    items = operator.get(MODELS, params=asked).json()["items"]
    assert all(item["offers"] == [] for item in items)
    released = [item["released"] for item in items if item["released"]]
    assert released == sorted(released, reverse=True)
    sonnet = next(item for item in items if item["name"] == "claude-sonnet-4-5")
    assert sonnet["hosts"] > 10
    assert (sonnet["price"]["host"], sonnet["price"]["first_hand"]) == ("anthropic", True)
    assert (sonnet["price"]["input"], sonnet["price"]["output"]) == ("3", "15")
    backwards = operator.get(MODELS, params=asked | {"order": "asc"}).json()["items"]
    assert [item["released"] for item in backwards if item["released"]] == released[::-1]


def test_what_can_be_called_here_is_marked_and_can_be_asked_for(operator: TestClient) -> None:
    assert operator.get(MODELS, params={"available": True}).json()["items"] == []
    assert operator.get("/api/v1/catalog/facets").json()["available"] == []
    operator.post("/api/v1/providers", json={"name": "groq", "secret": "not-a-real-one"})
    (first, *_) = items = operator.get(MODELS, params={"available": True, "limit": 500}).json()["items"]
    assert first["available"][0].startswith("groq/")
    (choice,) = operator.get("/api/v1/catalog/facets").json()["available"]
    assert choice["count"] == len(items)
    name = "gpt-oss-20b"
    shown = operator.get(f"{MODELS}/{name}").json()
    assert shown["available"] == ["groq/openai/gpt-oss-20b"]
    called = {offer["host"]: offer["called"] for offer in shown["offers"] if offer["called"]}
    assert called == {"groq": ["groq/openai/gpt-oss-20b"]}


def test_facets_count_what_each_choice_leaves(operator: TestClient) -> None:
    asked: dict[str, str | bool | list[str]] = {"q": "llama", "open_weights": True, "capability": ["tools"]}
    facets = operator.get("/api/v1/catalog/facets", params=asked).json()
    assert facets["total"] == len(operator.get(MODELS, params=asked | {"limit": 500}).json()["items"])
    maker = facets["maker"][0]
    assert maker["label"] == "Meta"
    found = operator.get(MODELS, params=asked | {"maker": maker["value"], "limit": 500}).json()["items"]
    assert len(found) == maker["count"]
    assert {item["maker_name"] for item in found} == {maker["value"]}
    ends = [choice["value"] for choice in facets["retires_before"]]
    assert ends == sorted(ends)
    for day in ends:
        leaving = operator.get(MODELS, params=asked | {"retires_before": day}).json()["items"]
        assert leaving
        assert all(item["retires"] < day for item in leaving)
    assert operator.get(MODELS, params={"retires_before": "soon"}).status_code == 422


def test_hosts_say_what_they_need(operator: TestClient) -> None:
    hosts = {item["name"]: item for item in operator.get("/api/v1/catalog/hosts").json()["items"]}
    assert hosts["openai"]["needs_secret"]
    assert hosts["openai"]["secret_url"].startswith("https://")
    assert hosts["openai"]["models"] >= hosts["openai"]["own_models"] > 50
    assert hosts["openrouter"]["own_models"] < 10 < hosts["openrouter"]["models"]
    assert [setting["name"] for setting in hosts["azure"]["settings"]] == ["resource"]
    assert [form["kind"] for form in hosts["bedrock"]["credentials"]] == ["header", "aws", "machine"]
    (pair,) = (form for form in hosts["bedrock"]["credentials"] if form["kind"] == "aws")
    assert {"name": "secret_access_key", "required": True, "hidden": True, "whole": False} in pair["fields"]
    assert (hosts["ollama"]["kind"], hosts["ollama"]["needs_secret"]) == ("local", False)
    assert all(host["dialects"] for host in hosts.values())
