"""This dialect's own name. Tool-call ids must fit its grammar, see `dialects.callids`."""

from counterpoint.dialects.callids import escaped, original

__all__ = ["NAME", "escaped", "original"]

NAME = "anthropic-messages"
