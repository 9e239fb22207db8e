"""What bodies of one prompt call the settings that the hub knows, by the family of models that they are for.

Apart from the dialect that reads them, because a loss is told in these words too (see `counterpoint.dialects.paths`).
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html has a page for each maker.
"""

import re
from collections.abc import Mapping

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.extensions import spelling

SETTINGS: Mapping[str, Mapping[str, str]] = {
    "llama": {"max_output": "max_gen_len", "temperature": "temperature", "top_p": "top_p"},
    "mistral": {
        "max_output": "max_tokens",
        "temperature": "temperature",
        "top_p": "top_p",
        "top_k": "top_k",
        "stop": "stop",
    },
    "titan": {
        "max_output": "maxTokenCount",
        "temperature": "temperature",
        "top_p": "topP",
        "stop": "stopSequences",
    },
    "command": {
        "max_output": "max_tokens",
        "temperature": "temperature",
        "top_p": "p",
        "top_k": "k",
        "stop": "stop_sequences",
        "n": "num_generations",
    },
    "command-r": {
        "max_output": "max_tokens",
        "temperature": "temperature",
        "top_p": "p",
        "top_k": "k",
        "stop": "stop_sequences",
        "seed": "seed",
        "frequency_penalty": "frequency_penalty",
        "presence_penalty": "presence_penalty",
    },
    "claude-text": {
        "max_output": "max_tokens_to_sample",
        "temperature": "temperature",
        "top_p": "top_p",
        "top_k": "top_k",
        "stop": "stop_sequences",
    },
    "jurassic": {
        "max_output": "maxTokens",
        "temperature": "temperature",
        "top_p": "topP",
        "stop": "stopSequences",
        "n": "numResults",
    },
}
PROMPT: Mapping[str, str] = {"titan": "inputText", "command-r": "message"}
"""Where the prompt is not called `prompt`."""
CONFIG: Mapping[str, str] = {"titan": "textGenerationConfig"}
"""The object that holds the settings, where that is not the body itself."""

_NAME = "bedrock-invoke"
_MESSAGE = re.compile(r"messages\[(\d+)\](.*)", re.DOTALL)


def prompt_path(request: ChatRequest, family: str, path: str) -> str:
    """Where something in canonical form stood in a body of `family`."""
    match = _MESSAGE.fullmatch(path)
    if match is not None:
        return _said(request, family, int(match[1]))
    name, dot, tail = path.partition(".")
    known = SETTINGS[family].get(name)
    if known is None:
        return path
    outer = CONFIG.get(family)
    return (f"{outer}.{known}" if outer else known) + dot + tail


def _said(request: ChatRequest, family: str, index: int) -> str:
    """What was said last is the prompt; only Command R has room for what was said before."""
    last = len(request.messages) - 1
    if family != "command-r" or index >= last:
        return PROMPT.get(family, "prompt")
    preambles = [
        spelling(message.extensions, _NAME, "place") == "preamble"
        for message in request.messages[: index + 1]
    ]
    return "preamble" if preambles[-1] else f"chat_history[{index - sum(preambles)}].message"
