"""Documented deviations of hosts from the dialect, as rows of the catalogue name them.

A host's row lists quirk names; this is the one place that says what each does. Besides these, `no_<field>`
(`no_seed`, `no_parallel_tool_calls`, ...) says that the host refuses that request field: it is left out of
translated requests, and the loss is declared.
"""

MAX_TOKENS = "max_tokens"
"""Wants the older `max_tokens`; relayed requests are renamed too."""

MAX_COMPLETION_TOKENS = "max_completion_tokens"
"""Refuses `max_tokens` (OpenAI's reasoning models)."""

NO_DEVELOPER_ROLE = "no_developer_role"
"""Knows only `system`, which means the same; relayed requests are renamed too."""

NO_STREAM_OPTIONS = "no_stream_options"
"""Refuses `stream_options`; reports usage in its last chunk unasked, or not at all."""

STRING_CONTENT = "string_content"
"""Refuses content lists where only text is meant: texts are joined by line feeds."""

REASONING_CONTENT = "reasoning_content"
"""Takes thinking back in `reasoning_content` (DeepSeek and Z.AI want it between tool calls)."""

REASONING_DETAILS = "reasoning_details"
"""Takes thinking back, signatures included, in `reasoning_details` (OpenRouter)."""

REASONING_OBJECT = "reasoning_object"
"""Is told how much to think by a `reasoning` object with `effort`, `max_tokens`, `enabled` (OpenRouter)."""

REASONING_EFFORT = "reasoning_effort"
"""Takes `reasoning_effort`, though its model's name does not tell."""

NO_REASONING_EFFORT = "no_reasoning_effort"
"""Refuses `reasoning_effort`: models that do not think."""

TOP_K = "top_k"
"""Takes `top_k`, which the dialect itself does not have."""

TOOL_IMAGES = "tool_images"
"""Takes images in tool results."""

FILE_URLS = "file_urls"
"""Takes a URL as `file_data` (OpenRouter)."""

VIDEO = "video"
"""Takes `video_url` parts (OpenRouter, vLLM)."""

NO_JSON_SCHEMA = "no_json_schema"
"""Knows JSON output but no schemas for it."""

MODEL_ID = "model_id"
"""Wants the envelope of watsonx.ai, see there."""

SHARED_FIELDS = "shared_fields"
"""Takes the fields that the maker's two APIs share (`prompt_cache_key`, `safety_identifier`, `store`, `verbosity`,
...): a request that came in the other keeps them."""
