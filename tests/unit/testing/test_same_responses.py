"""Two ways to write the same request of the Responses API."""

from typing import Any

import pytest

from counterpoint.testing.alignment import differences
from counterpoint.testing.same import normal_form
from counterpoint.testing.same_responses import openai_responses

NAME = "openai-responses"
CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}


def differing(before: Any, after: Any) -> list[str]:
    return [one.path for one in differences(normal_form(NAME, before), normal_form(NAME, after))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"input": "hi"}, {"input": [{"type": "message", "role": "user", "content": "hi"}]}),
        (
            {"instructions": "i", "input": []},
            {"input": [{"role": "system", "content": [{"type": "input_text", "text": "i"}]}]},
        ),
        ({"input": [CALL]}, {"input": [{**CALL, "id": "fc", "status": "completed", "arguments": "{ }"}]}),
        ({"store": True, "truncation": "disabled"}, {"store": False, "text": {"format": {"type": "text"}}}),
    ],
)
def test_the_same(before: Any, after: Any) -> None:
    assert differing(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ({"input": "hi"}, {"input": "ho"}, "input"),
        ({"input": [CALL]}, {"input": []}, "input"),
        ({"input": [{"type": "web_search_call", "id": "a"}]}, {"input": []}, "input[0]"),
        ({"text": {"verbosity": "low"}}, {}, "text"),
    ],
)
def test_not_the_same(before: Any, after: Any, path: str) -> None:
    assert differing(before, after) == [path]


def test_it_is_the_form_of_this_dialect() -> None:
    fields: dict[str, Any] = {}
    openai_responses(fields)
    assert set(fields) == {"~system", "~turns"}
