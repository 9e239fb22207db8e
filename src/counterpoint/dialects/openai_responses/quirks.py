"""Documented deviations of hosts from the dialect, as rows of the catalogue name them.

A row serves every dialect of its host, so a name means the same in each. Besides these, `no_<field>` says that the
host refuses that request field: it is left out of translated requests, and the loss is declared.
"""

REASONING_EFFORT = "reasoning_effort"
"""Takes an effort, though its model's name does not tell."""

NO_REASONING_EFFORT = "no_reasoning_effort"
"""Refuses an effort: models that do not think."""

NO_DEVELOPER_ROLE = "no_developer_role"
"""Knows only `system`, which means the same."""

SHARED_FIELDS = "shared_fields"
"""Takes the fields that the maker's two APIs share by name (`openai_chat.quirks` says which)."""

KEEPS_ANSWERS = "keeps_answers"
"""Keeps what it is told to for weeks (`store`), so that a later call may go on it by its id alone:
platform.openai.com/docs/guides/conversation-state, learn.microsoft.com/azure/foundry/openai/how-to/responses,
docs.fireworks.ai/guides/response-api, docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html.

Hosts that keep nothing (console.groq.com/docs/responses-api, docs.ollama.com/api/openai-compatibility,
api-docs.deepseek.com/guides/responses_api), that keep answers in memory only (vLLM, LM Studio), or that refuse
`instructions` beside the id (xAI) are not marked: they are sent the whole conversation."""

NO_LOGPROBS = "no_logprobs"
"""Gives no probabilities."""
