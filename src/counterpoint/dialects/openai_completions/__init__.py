"""OpenAI's older API, which continues a prompt: `/v1/completions`
(https://platform.openai.com/docs/api-reference/completions).

Base models are served so, and code models that fill in between a prompt and a suffix.
"""

from counterpoint.dialects.openai_completions.dialect import OpenAICompletions

__all__ = ["OpenAICompletions"]
