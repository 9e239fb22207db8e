"""Passages for tests of answers, as a search gives them."""

from counterpoint.knowledge.answers.port import Evidence
from counterpoint.knowledge.documents import Parsed, Passage


def evidence(text: str, document: str = "guide", *, start: int = 0, table: bool = False) -> Evidence:
    """One of them, on page 3."""
    passage = Passage(
        document, "v1", 0, start, start + len(text), text, ("Guide",), "", page=3, last_page=3, table=table
    )
    return Evidence(passage, "Guide", "group:staff", f"{document}.pdf")


def nothing_kept(document: str, version: str) -> Parsed | None:
    """Documents of which there is nothing but passages."""
    return None
