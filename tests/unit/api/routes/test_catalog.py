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
