"""The maker's own SDK reads the list."""

import json

from anthropic.types import ModelInfo

from counterpoint.dialects.anthropic_messages.listing import encode_model, encode_models

MODELS = [
    {"id": "local/a", "created": 1_764_000_000, "owner": "o", "name": "A", "context": 8192},
    {"id": "b", "created": 0, "owner": "o", "name": "", "context": None},
]


def test_the_list_is_one_page() -> None:
    page = json.loads(encode_models(MODELS))
    assert (page["first_id"], page["last_id"], page["has_more"]) == ("local/a", "b", False)
    first, second = (ModelInfo.model_validate(model) for model in page["data"])
    assert (first.id, first.display_name, first.max_input_tokens) == ("local/a", "A", 8192)
    assert first.created_at.isoformat() == "2025-11-24T16:00:00+00:00"
    assert (second.display_name, second.created_at.year) == ("b", 1970)


def test_one_model_and_none() -> None:
    assert ModelInfo.model_validate_json(encode_model(MODELS[0])).id == "local/a"
    assert json.loads(encode_models([])) == {"data": [], "has_more": False, "first_id": None, "last_id": None}
