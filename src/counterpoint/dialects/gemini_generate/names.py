"""The name of this dialect, and how it spells things that the hub has no word for."""

NAME = "gemini-generate"

SIGNATURE = "thoughtSignature"
"""On any part: what lets the maker continue its thought. It belongs to the part and to that maker only."""
