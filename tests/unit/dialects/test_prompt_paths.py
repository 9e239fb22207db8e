"""Where things stood in requests whose messages hold one string, or that are one prompt."""

import pytest

from counterpoint.dialects.paths import locate
from counterpoint.dialects.registry import CHAT
from tests.unit.dialects.ollama.bodies import CALL, PNG, asked, prompted
from tests.unit.dialects.openai_completions.bodies import asked as continued

MESSAGES = [
    {"role": "user", "content": "Hi", "images": [PNG, PNG]},
    {"role": "assistant", "thinking": "Hm.", "content": "Ho", "tool_calls": [CALL]},
    {"role": "tool", "content": "21", "images": [PNG]},
]


@pytest.mark.parametrize(
    ("canonical", "written"),
    [
        ("max_output", "options.num_predict"),
        ("temperature", "options.temperature"),
        ("output.schema", "format"),
        ("reasoning", "think"),
        ("tools[0]", "tools[0]"),
        ("messages[0].parts[0]", "messages[0].content"),
        ("messages[0].parts[2]", "messages[0].images[1]"),
        ("messages[1].parts[0]", "messages[1].thinking"),
        ("messages[1].parts[2].arguments", "messages[1].tool_calls[0].arguments"),
        ("messages[2].parts[0]", "messages[2]"),
        ("messages[2].parts[0].content[0]", "messages[2].content"),
        ("messages[2].parts[0].content[1]", "messages[2].images[0]"),
        ("messages[9]", "messages[9]"),
        ("messages[0].parts[9]", "messages[0]"),
    ],
)
def test_in_a_chat(canonical: str, written: str) -> None:
    request = CHAT["ollama-chat"].decode_request(asked(messages=MESSAGES))
    assert locate("ollama-chat", request, canonical) == written


@pytest.mark.parametrize(
    ("canonical", "written"),
    [
        ("messages[0].parts[0]", "system"),
        ("messages[1]", "prompt"),
        ("messages[1].parts[0]", "prompt"),
        ("messages[1].parts[1]", "images[0]"),
        ("stop", "options.stop"),
    ],
)
def test_in_a_prompt(canonical: str, written: str) -> None:
    request = CHAT["ollama-generate"].decode_request(prompted(system="Be brief.", images=[PNG]))
    assert locate("ollama-generate", request, canonical) == written


def test_in_a_completion() -> None:
    request = CHAT["openai-completions-legacy"].decode_request(continued())
    found = [
        locate("openai-completions-legacy", request, path)
        for path in ("messages[0].parts[0]", "max_output", "seed")
    ]
    assert found == ["prompt", "max_tokens", "seed"]
