"""What an answer is made of, and the receipt by which anyone can check it later.

An answer is sentences in order; each points to the quotations that carry it, and each quotation to characters of a
document. What was dropped never reaches the asker; the receipt keeps it, with the reason.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from counterpoint.knowledge.documents import Span

State = Literal["supported", "marked", "dropped"]
"""`marked`: shown, and said to be unsupported. `dropped`: not shown."""
Mode = Literal["quotes", "model"]
Policy = Literal["mark", "drop"]
"""What becomes of a sentence that its quotations do not support."""


class Claim(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sentence. `score`: how much of it its quotations carry, 0 to 1. `reasons`: i18n ids of why it is not
    supported, `values` what they name."""

    sentence: str
    state: State
    spans: tuple[Span, ...] = ()
    score: float = 1.0
    reasons: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document that is quoted. `right`: the principal by which this asker sees it. `pages`, `cells`: those that are
    quoted."""

    document: str
    version: str
    title: str
    right: str
    path: str = ""
    pages: tuple[int, ...] = ()
    cells: tuple[str, ...] = ()


class Conflict(msgspec.Struct, frozen=True, omit_defaults=True):
    """Quotations that say different things of the same. `kind`: in what they differ."""

    kind: Literal["number", "date", "negation"]
    about: str
    spans: tuple[Span, ...]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is said, and what was dropped; `sources` are of what is shown alone. `found`: whether the documents say
    anything about it. `missing`: parts of the question that they do not answer. `remarks`: i18n ids of what else the
    reader should know."""

    question: str
    mode: Mode
    found: bool
    language: str = ""
    claims: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer and how it came about. `at`, `micros`: when it was begun and how long it took, in microseconds.
    `passages`: ids of all that were looked at. `cost`: in `currency`, `None` if it is not known; exactly zero where no
    model was asked."""

    id: str
    at: int
    micros: int
    policy: Policy
    answer: Answer
    passages: tuple[str, ...] = ()
    model: str = ""
    cost: Decimal | None = None
    currency: str = "USD"
