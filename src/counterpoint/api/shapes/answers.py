"""Answers with their citations, and receipts, as they are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from counterpoint.api.shapes.common import Shape
from counterpoint.api.shapes.documents import BoxShape

ClaimState = Literal["supported", "marked"]
Mode = Literal["quotes", "model"]


@dataclass(frozen=True)
class SpanShape(Shape):
    """A quotation, and where it stands."""

    document: str
    version: str
    title: str
    path: str
    start: int
    """In the document's text, in characters."""
    end: int
    quote: str
    """Empty for whoever may not read the document now."""
    page: int | None
    sheet: str
    cell: str
    boxes: list[BoxShape]


@dataclass(frozen=True)
class ClaimShape(Shape):
    """A sentence of an answer, and what it rests on."""

    sentence: str
    """Empty for whoever may not read now what it rests on."""
    state: ClaimState
    """`supported`: what it quotes is there and says so. `marked`: it is not, or not wholly, supported."""
    score: float
    """How much of it its quotations carry, from 0 to 1."""
    reasons: list[str]
    """Sentences: why it is not supported."""
    spans: list[SpanShape]


@dataclass(frozen=True)
class ConflictShape(Shape):
    """Quotations that say different things of the same."""

    kind: Literal["number", "date", "negation"]
    about: str
    spans: list[SpanShape]


@dataclass(frozen=True)
class CitedShape(Shape):
    """A document that is quoted, and the right by which the asker saw it."""

    document: str
    version: str
    title: str
    path: str
    right: str
    """The principal that he was."""
    right_name: str
    """A login or a group's name; empty for everybody."""


@dataclass(frozen=True)
class AnswerShape(Shape):
    """What the documents say of a question."""

    question: str
    found: bool
    """False: it is not in the documents that the asker may see."""
    mode: Mode
    """`quotes`: composed of quotations alone."""
    language: str
    claims: list[ClaimShape]
    cited: list[CitedShape]
    conflicts: list[ConflictShape]
    missing: list[str]
    """Parts of the question that they do not answer."""
    remarks: list[str]
    """Sentences: what else there is to know."""
    model: str
    """Who wrote it; empty: nobody."""
    receipt: str
    """The receipt's id."""


@dataclass(frozen=True)
class AskerShape(Shape):
    """Who asked."""

    id: str
    """Of the account, or `program:…`."""
    login: str


@dataclass(frozen=True)
class ReceiptLineShape(Shape):
    """A receipt in a list."""

    id: str
    at: datetime
    asker: AskerShape
    question: str
    found: bool
    mode: Mode
    model: str


@dataclass(frozen=True)
class ReceiptShape(Shape):
    """An answer, and how it came about. Quotations are shown as far as whoever reads it may see them now."""

    id: str
    at: datetime
    asker: AskerShape
    answer: AnswerShape
    policy: Literal["mark", "drop"]
    """What becomes of a sentence that its quotations do not support."""
    dropped: int
    """Sentences that were not shown for that reason."""
    milliseconds: float
    cost: str | None
    """Decimal text; null: not known."""
    currency: str
    complete: bool
    """Whether everything is shown: not where a right is missing now."""


@dataclass(frozen=True)
class WithheldShape(Shape):
    """A passage that would have been found but for the asker's rights. For auditors."""

    document: str
    title: str
    path: str
    source: str
    number: int
    page: int | None
