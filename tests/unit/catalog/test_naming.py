"""The same model under the names that hosts give it; other models stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.catalog.naming import key_of, parse

SAME = {
    "llama-3.3-70b-instruct": [
        "meta-llama/Llama-3.3-70B-Instruct",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "llama-3.3-70b-versatile",
        "llama-3.3-70b",
        "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
        "accounts/fireworks/models/llama-v3p3-70b-instruct",
        "us.meta.llama3-3-70b-instruct-v1:0",
        "meta-llama/llama-3.3-70b-instruct:free",
        "databricks-meta-llama-3-3-70b-instruct",
        "meta/llama-3.3-70b-instruct-maas",
        "hf:meta-llama/Llama-3.3-70B-Instruct",
    ],
    "claude-sonnet-4-5": [
        "anthropic/claude-4.5-sonnet",
        "claude-sonnet-4.5",
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-4-5@20250929",
        "anthropic--claude-4.5-sonnet",
        "claude-sonnet-4-5-20250929-thinking:1024",
        "~anthropic/claude-sonnet-4-5",
    ],
    "claude-opus-4": ["claude-opus-4-0", "claude-4-opus", "claude-opus-4-20250514"],
    "claude-3-5-sonnet": ["claude-3.5-sonnet", "claude-sonnet-3.5", "claude-3-5-sonnet-latest"],
    "gpt-oss-120b": ["openai.gpt-oss-120b-1:0", "gpt-oss:120b-cloud", "openai/gpt-oss-120b:nitro"],
    "gpt-4o": ["gpt-4o-2024-11-20", "openai/gpt-4o", "gpt-4o:extended"],
    "gpt-3.5-turbo": ["gpt-35-turbo", "openai/gpt-3.5-turbo"],
    "mistral-large-2512": ["mistral-large-3", "mistralai/Mistral-Large-3-675B-Instruct-2512"],
    "deepseek-v3-0324": ["deepseek/deepseek-chat-v3-0324:free", "deepseek-ai/DeepSeek-V3-0324"],
    "gemini-2.0-flash": ["gemini-2.0-flash-001", "models/gemini-2.0-flash", "google/gemini-2.0-flash"],
}

APART = [
    "claude-3-sonnet",
    "claude-3-7-sonnet",
    "claude-haiku-4-5",
    "claude-opus-4-1",
    "claude-opus-4-5",
    "claude-opus-5",
    "claude-opus-5-5",
    "gpt-4o-mini",
    "gpt-4",
    "gpt-4.1",
    "gpt-5",
    "gpt-5-chat-latest",
    "gpt-oss-20b",
    "grok-4",
    "grok-4-fast",
    "kimi-k2",
    "kimi-k2-0905",
    "kimi-k2-thinking",
    "llama-3.1-8b-instruct",
    "llama-3.3-70b-instruct",
    "llama-guard-3-8b",
    "mistral-large-2411",
    "mistral-small-2506",
    "qwen3-235b-a22b-instruct-2507",
    "qwen3-235b-a22b-thinking-2507",
    "qwen3-30b-a3b",
    "deepseek-r1",
    "deepseek-r1-distill-llama-70b",
    "deepseek-v3",
    "deepseek-v3.1",
    "titan-embed-text-v1",
    "titan-embed-text-v2",
]


@pytest.mark.parametrize(("name", "other"), [(name, other) for name, ids in SAME.items() for other in ids])
def test_one_model_under_many_names(name: str, other: str) -> None:
    assert parse(other).base == parse(name).base == key_of(name)


def test_different_models_keep_different_keys() -> None:
    assert len({parse(name).key for name in APART}) == len(APART)


def test_what_an_id_says_beside_the_name() -> None:
    parsed = parse("eu.anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert (parsed.org, parsed.region, parsed.snapshot) == ("anthropic", "eu", "20250929")
    assert parse("Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8").quantisation == "fp8"
    assert parse("ft:gpt-4o-2024-08-06").base == key_of("gpt-4o")


def test_a_suffix_is_never_the_whole_name() -> None:
    assert parse("fp8").name == "fp8"
    assert parse(":free").name == ":free"
    assert parse("").name == ""


@given(st.text(max_size=80))
def test_any_id_has_a_key(text: str) -> None:
    parsed = parse(text)
    assert parsed.key == key_of(parsed.name)
    assert parse(parsed.name).key == parse(parse(parsed.name).name).key
