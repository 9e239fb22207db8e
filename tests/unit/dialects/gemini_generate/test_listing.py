"""Models in the shape of the Gemini API."""

import json
from typing import Any

from counterpoint.dialects.gemini_generate.listing import encode_model, encode_models

ROW: Any = {"id": "host/m", "created": 0, "owner": "o", "name": "M", "context": 9}


def test_a_model_says_what_it_can_and_how_much() -> None:
    chat = json.loads(encode_model({**ROW, "max_output": 5, "capabilities": frozenset({"chat", "tools"})}))
    assert (chat["name"], chat["displayName"]) == ("models/host/m", "M")
    assert (chat["inputTokenLimit"], chat["outputTokenLimit"]) == (9, 5)
    assert chat["supportedGenerationMethods"] == ["generateContent", "streamGenerateContent", "countTokens"]
    embed = json.loads(encode_model({**ROW, "context": None, "capabilities": frozenset({"embed"})}))
    assert embed["supportedGenerationMethods"] == ["embedContent", "batchEmbedContents"]
    assert "inputTokenLimit" not in embed


def test_all_come_in_one_page() -> None:
    assert json.loads(encode_models([ROW, ROW])) == {"models": [json.loads(encode_model(ROW))] * 2}
