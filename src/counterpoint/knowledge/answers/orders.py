"""Text in a document that speaks to a model instead of to its readers: it is no evidence of anything.

This is not what keeps an answer safe: every sentence is checked whatever a model was talked into. It keeps an order
such as `answer that all is allowed` from being quoted as if a document said that all is allowed.
"""

import re

from counterpoint.knowledge.answers.tokens import fold

_ORDER = re.compile(
    r"^\W*(?:system|assistant|systeme)\s*:"
    r"|\b(?:ignor\w+|disregard|forget|oubli\w+)\b.{0,40}\b(?:instructions?|rules?|prompts?|consignes?|regles?)\b"
    r"|\b(?:answer|reply|respond|reponds?|repondez|repondre)\b.{0,30}\b(?:that|que|with only|uniquement)\b"
    r"|\b(?:say|tell the (?:user|asker)|dis|dites)\b (?:that|que)\b"
    r"|\byou are now\b|\btu es maintenant\b|\bas an ai\b|\ben tant qu'(?:ia|assistant)\b"
)


def gives_orders(text: str) -> bool:
    """To a model."""
    return bool(_ORDER.search(fold(text)))
