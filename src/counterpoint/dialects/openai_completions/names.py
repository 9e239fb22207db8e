"""The dialect's name, and the names of its spellings, shared by both directions."""

NAME = "openai-completions-legacy"

PROMPT = "prompt"
"""Kept with every request, though the hub has the words: a prompt is continued, a message is answered. So every other
dialect declares what it is turned into. Its value says how it was written: `text`, `list` or `absent`."""

TOKENS = "tokens"
PROMPTS = "prompts"
"""Kinds of opaque parts: a prompt in tokens, several prompts at once."""

ECHO = "echo"
"""Spelled where the answer's encoder can repeat the prompt itself."""
