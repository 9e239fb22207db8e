"""Documented deviations of hosts and models from what their generation takes, as rows of the catalogue name them.

A row serves every dialect of its host, so a name means the same in each.
"""

BUDGET_THINKING = "budget_thinking"
"""Thinking has a budget, whatever the model's version says."""

ADAPTIVE_THINKING = "adaptive_thinking"
"""Thinking is adaptive, with an effort."""

NO_THINKING = "no_thinking"
"""The model does not think."""

NO_SAMPLING = "no_sampling"
"""Refuses `temperature`, `top_p` and `top_k`."""

NO_JSON_SCHEMA = "no_json_schema"
"""Knows no schemas for its output."""

UNSIGNED_THINKING = "unsigned_thinking"
"""Takes thinking back that carries no signature."""

SYSTEM_MESSAGES = "system_messages"
"""Takes system messages in the midst of a conversation."""
