"""Errors that a person reads and can mend: an id and its values, put into words where the reader is known.

A service raises one; the command line prints it in the system's language, the admin API in the caller's.
"""

from typing import Any, Literal

from counterpoint.i18n.catalogue import say

ComplaintKind = Literal["invalid", "not_found", "conflict", "unavailable", "denied", "stale"]
"""What a front end needs to choose a status or an exit code."""


class Complaint(Exception):  # noqa: N818 - it is told to a person, it is no defect
    """`sentence`: the id of a sentence; `values`: what fills it. `place`: the field of what was sent that it is about,
    where one has to be named."""

    place = ""

    def __init__(self, sentence: str, /, *, kind: ComplaintKind = "invalid", **values: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.kind = kind
        self.values = values

    def text(self, lang: str | None = None) -> str:
        """In words."""
        told = say(self.sentence, lang=lang, **self.values)
        return f"{self.place}: {told}" if self.place else told

    def __str__(self) -> str:
        return self.text()
