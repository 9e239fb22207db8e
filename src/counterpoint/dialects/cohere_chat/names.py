"""The dialect's name, and how this folder keeps what the hub has no word for."""

from counterpoint.dialects.leftovers import Leftovers

NAME = "cohere-chat"

PLAN = "plan"
"""Spelling of a thought: it stood in `tool_plan`."""
PLACE = "place"
"""Spelling of a document: it stood in the request's own list, not in a message."""
CITATION = "citation"
"""Spelling of a citation: all of it."""
UNPLACED = "citations"
"""Field of a choice: citations of what is no text of the answer (a plan, a thought)."""


_leftovers = Leftovers(NAME)
rest, put_back, spelled = _leftovers.rest, _leftovers.put_back, _leftovers.spelled
