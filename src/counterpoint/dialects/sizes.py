"""Where a request of each dialect says how much it wants. What stands at another dialect's place says nothing: whoever
is asked in this one does not read it.
"""

from collections.abc import Mapping

import msgspec

Place = tuple[str, str]
"""A field, and the one in it; the second is empty where the first has the number itself."""


class Sizes(msgspec.Struct, frozen=True):
    """`output`: tokens of each answer at most. `choices`: answers. Where several places say it, the largest counts.
    `prompts`: the field that may hold a list of prompts, each of which gets that many."""

    output: tuple[Place, ...] = ()
    choices: tuple[Place, ...] = ()
    prompts: str = ""


UNSAID = Sizes()


def _plain(*names: str) -> tuple[Place, ...]:
    return tuple((name, "") for name in names)


def _within(outer: tuple[str, ...], *names: str) -> tuple[Place, ...]:
    return tuple((each, name) for each in outer for name in names)


_ONE = Sizes(_plain("max_tokens"))
_ONE_OF_SEVERAL = Sizes(_plain("max_tokens"), _plain("n"))
_PREDICTED = Sizes(_within(("options",), "num_predict"))
_CONFIGS = ("generationConfig", "generation_config")
"""Hosts that take JSON for a protocol buffer take its fields in either form, mixed, too
(https://protobuf.dev/programming-guides/json/#field-names)."""

SIZES: Mapping[str, Sizes] = {
    "openai-chat": Sizes(_plain("max_completion_tokens", "max_tokens"), _plain("n")),
    "openai-completions-legacy": Sizes(_plain("max_tokens"), _plain("n", "best_of"), "prompt"),
    "openai-responses": Sizes(_plain("max_output_tokens")),
    "openai-images": Sizes(choices=_plain("n")),
    "anthropic-messages": _ONE,
    "vertex-anthropic": _ONE,
    "gemini-generate": Sizes(
        _within(_CONFIGS, "maxOutputTokens", "max_output_tokens"),
        _within(_CONFIGS, "candidateCount", "candidate_count"),
    ),
    "bedrock-converse": Sizes(_within(("inferenceConfig",), "maxTokens")),
    "bedrock-invoke": Sizes(
        (
            *_plain(
                "max_tokens", "max_completion_tokens", "max_tokens_to_sample", "max_gen_len", "maxTokens"
            ),
            ("textGenerationConfig", "maxTokenCount"),
            *_within(("inferenceConfig",), "maxTokens", "max_new_tokens"),
        ),
        _plain("n", "num_generations", "numResults"),
    ),
    "cohere-chat": _ONE,
    "mistral-chat": _ONE_OF_SEVERAL,
    "mistral-fim": _ONE_OF_SEVERAL,
    "ollama-chat": _PREDICTED,
    "ollama-generate": _PREDICTED,
}
"""By the name of the dialect; what is not here has no such places."""
