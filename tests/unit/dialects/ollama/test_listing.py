"""Lists of models as clients for local models read them."""

import json
from typing import Any

from counterpoint.directory import Weights
from tests.unit.dialects.ollama.bodies import DIALECT

LOCAL: dict[str, Any] = {
    "id": "local/small",
    "name": "Small",
    "owner": "local",
    "created": 1786082889,
    "context": 2048,
    "capabilities": frozenset({"chat", "tools"}),
    "weights": Weights(100, "a" * 64, "gguf", "llama", 134_515_008, "Q8_0"),
}
HOSTED: dict[str, Any] = {
    "id": "openai/gpt-4o",
    "name": "GPT-4o",
    "owner": "o",
    "created": 0,
    "context": None,
}


def test_a_local_model_has_its_file_and_what_is_in_it() -> None:
    local, hosted = json.loads(DIALECT.encode_models([LOCAL, HOSTED]))["models"]
    assert (local["name"], local["size"], local["digest"]) == ("local/small", 100, "a" * 64)
    assert local["details"]["family"] == "llama"
    assert local["details"]["parameter_size"] == "135M"
    assert local["details"]["quantization_level"] == "Q8_0"
    assert (hosted["size"], len(hosted["digest"])) == (0, 64)


def test_one_model_says_what_it_can_do() -> None:
    shown = json.loads(DIALECT.encode_model(LOCAL))
    assert shown["capabilities"] == ["completion", "tools"]
    assert shown["model_info"]["llama.context_length"] == 2048
    assert json.loads(DIALECT.encode_model(HOSTED))["capabilities"] == ["completion"]
