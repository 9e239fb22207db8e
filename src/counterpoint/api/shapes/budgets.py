"""Budgets and limits, how they stand, what they will come to, and requests for more."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Page, Shape, instant, moment

if TYPE_CHECKING:  # the command line shows help without loading a database library
    from counterpoint.control.budgets.values import BudgetView, RaiseView, Spending
    from counterpoint.control.paging import Paged

ScopeName = Literal["organisation", "project", "key", "user"]
MeasureName = Literal["money", "requests", "tokens", "concurrent"]
PeriodName = Literal["minute", "hour", "day", "week", "month", "total"]
RaiseState = Literal["open", "approved", "refused", "withdrawn"]


@dataclass(frozen=True)
class SubjectShape(Shape):
    """Whom a limit is for."""

    id: str
    name: str
    parent: str
    """Of a key: the id of its project."""


@dataclass(frozen=True)
class BudgetShape(Shape):
    """A budget, or another limit, and how it stands. Amounts are decimal text: of money in `currency`, else counts."""

    id: str
    scope: ScopeName
    subject: SubjectShape
    measure: MeasureName
    per: PeriodName
    amount: str
    models: list[str]
    """Patterns of the models that it counts; empty: all."""
    on_hit: Literal["block", "downgrade"]
    route: str
    """Where calls go that do not fit, if they are not refused."""
    unpriced: bool
    """Whether models without a known price may be called under it."""
    owner: Literal["studio", "file"]
    """Who declares it. Only those of the studio can be changed here."""
    currency: str
    """Of money; else empty."""
    raised: str
    """Allowed on top of the amount now."""
    allowed: str
    """The amount with what was raised."""
    spent: str
    """In this period, as the ledger has it; of a rate: lately."""
    leased: str
    """What calls under way and workers may still take."""
    left: str
    """What nobody has taken or holds."""
    share: float
    """Spent, of what is allowed."""
    begins: datetime | None
    """Of the period; null where there is none."""
    ends: datetime | None
    open_raises: int
    """Requests that wait for an answer."""
    revision: int
    """Counts changes; also the ETag."""


@dataclass(frozen=True)
class BurnedShape(Shape):
    """What was taken in a day, or an hour."""

    at: datetime
    amount: str
    total: str
    """Since the period began."""


@dataclass(frozen=True)
class ExpectedShape(Shape):
    """What is expected in all at the end of a day."""

    day: date
    total: str


@dataclass(frozen=True)
class ForecastShape(Shape):
    """What will have been spent at the end of the period."""

    method: Literal["linear", "weekday"]
    """`weekday`: each day to come as that weekday was lately; `linear`: there is too little to tell weekdays apart."""
    expected: str
    runs_out: date | None
    """The day on which nothing is left; null if it is not reached."""
    days: int
    """Whole days that it rests on."""
    points: list[ExpectedShape]


@dataclass(frozen=True)
class SpendingShape(Shape):
    """How a period went so far, and how it will end."""

    steps: list[BurnedShape]
    unpriced: int
    """Calls whose cost is not known; they are in no amount."""
    forecast: ForecastShape | None
    """Null where there is too little to go by."""


@dataclass(frozen=True)
class RaiseShape(Shape):
    """A request for more than a limit allows."""

    id: str
    budget: str
    """The id of the limit."""
    subject: SubjectShape | None
    """Whom the limit is for; null if it is gone."""
    measure: MeasureName | None
    per: PeriodName | None
    currency: str
    amount: str
    """On top of what the limit allows; once approved, what was granted."""
    until: datetime | None
    """Null: to the end of the limit's period."""
    since: datetime | None
    """From when on an approved one holds."""
    reason: str
    state: RaiseState
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str
    mine: bool
    """Whether the caller asked."""


def budget_shape(view: "BudgetView") -> BudgetShape:
    """As it is shown."""
    row, subject = view.row, view.subject
    return BudgetShape(
        id=row.id,
        scope=row.scope,
        subject=SubjectShape(subject.id, subject.name, subject.parent),
        measure=row.measure,
        per=row.per,
        amount=f"{view.amount:f}",
        models=list(row.models),
        on_hit=row.on_hit,
        route=row.route,
        unpriced=row.unpriced,
        owner="file" if row.owner == "file" else "studio",
        currency=view.currency,
        raised=f"{view.raised:f}",
        allowed=f"{view.allowed:f}",
        spent=f"{view.spent:f}",
        leased=f"{view.leased:f}",
        left=f"{view.left:f}",
        share=view.share,
        begins=moment(view.begins),
        ends=moment(view.ends),
        open_raises=view.asked,
        revision=row.revision,
    )


def budget_page(page: "Paged[BudgetView]") -> Page[BudgetShape]:
    """A page."""
    return Page([budget_shape(view) for view in page.items], page.next)


def spending_shape(spending: "Spending") -> SpendingShape:
    """As it is shown."""
    steps: list[BurnedShape] = []
    total = None
    for at, amount in spending.steps:
        total = amount if total is None else total + amount
        steps.append(BurnedShape(instant(at), f"{amount:f}", f"{total:f}"))
    found = spending.forecast
    expected = None
    if found is not None:
        expected = ForecastShape(
            method=found.method,
            expected=f"{found.expected:.6f}",
            runs_out=found.runs_out,
            days=found.days,
            points=[ExpectedShape(day, f"{total:.6f}") for day, total in found.points],
        )
    return SpendingShape(steps, spending.unpriced, expected)


def raise_shape(view: "RaiseView", asker: str) -> RaiseShape:
    """As it is shown to the account, or the key, with that id."""
    from counterpoint.control.budgets.values import units  # noqa: PLC0415 - as above

    row, budget = view.row, view.budget
    measure = budget.row.measure if budget else "money"
    state: RaiseState = row.state  # type: ignore[assignment]  # one of them
    return RaiseShape(
        id=row.id,
        budget=row.limit_id,
        subject=SubjectShape(budget.subject.id, budget.subject.name, budget.subject.parent)
        if budget
        else None,
        measure=budget.row.measure if budget else None,
        per=budget.row.per if budget else None,
        currency=budget.currency if budget else "",
        amount=f"{units(measure, row.amount):f}",
        until=moment(row.until),
        since=moment(row.since),
        reason=row.reason,
        state=state,
        asked_by=row.asked_by,
        asked_at=instant(row.asked_at),
        decided_by=row.decided_by,
        decided_at=moment(row.decided_at),
        note=row.note,
        mine=row.asked_by_id == asker,
    )


def raise_page(page: "Paged[RaiseView]", asker: str) -> Page[RaiseShape]:
    """A page, as it is shown to the account, or the key, with that id."""
    return Page([raise_shape(view, asker) for view in page.items], page.next)
