"""What is said of a budget, and of a request for more of it."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from counterpoint.control.budgets.forecasting import Forecast
from counterpoint.limits import Measure, Per, Scope
from counterpoint.storage.limits import LimitRow
from counterpoint.storage.raises import RaiseRow
from counterpoint.storage.types import plain

MICRO = 6


class NewBudget(msgspec.Struct, frozen=True, kw_only=True):
    """`subject`: the name or id of a project or key (`project/key` where a name is not enough), the login of a person;
    empty for the organisation. `amount`: in units of the organisation's currency, or a count."""

    scope: Scope = "organisation"
    subject: str = ""
    measure: Measure = "money"
    per: Per = "month"
    amount: Decimal
    models: tuple[str, ...] = ()
    route: str = ""
    unpriced: bool = False


class BudgetChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; `None`: as it is. An empty `route`: calls that do not fit are refused."""

    amount: Decimal | None = None
    models: tuple[str, ...] | None = None
    route: str | None = None
    unpriced: bool | None = None


class Subject(msgspec.Struct, frozen=True):
    """Whom a limit is for. `parent`: the id of the project that a key belongs to."""

    scope: Scope
    id: str
    name: str
    parent: str = ""


class BudgetView(msgspec.Struct, frozen=True, kw_only=True):
    """A limit and how it stands. Amounts are in units of `currency`, or counts. `allowed`: its amount with what was
    `raised`. `spent`: as the ledger has it; `leased`: what calls under way and workers may still take; `left`: the
    rest. `begins`, `ends`: of the period, in microseconds since the epoch; `None`: there is no such end. `period`: what
    it is counted under."""

    row: LimitRow
    subject: Subject
    currency: str
    amount: Decimal
    raised: Decimal
    spent: Decimal
    leased: Decimal
    begins: int | None
    ends: int | None
    period: int = 0
    asked: int = 0

    @property
    def allowed(self) -> Decimal:
        """What may be spent in all."""
        return self.amount + self.raised

    @property
    def left(self) -> Decimal:
        """What nobody has and may still be had."""
        return max(Decimal(0), self.allowed - self.spent - self.leased)

    @property
    def share(self) -> float:
        """Of what is allowed, how much is spent."""
        return float(self.spent / self.allowed) if self.allowed else 1.0


class Spending(msgspec.Struct, frozen=True):
    """What was taken in each step of a period up to now, and what that will come to. `steps`: begin of a step in
    microseconds since the epoch to the amount. `unpriced`: calls whose cost is not known, and is in none of it."""

    steps: tuple[tuple[int, Decimal], ...]
    forecast: Forecast | None
    unpriced: int = 0


class RaiseView(msgspec.Struct, frozen=True):
    """A request, and the limit it is about; `None` if that is gone."""

    row: RaiseRow
    budget: BudgetView | None


Names = Mapping[tuple[str, str], Subject]
"""Subjects by scope and id."""


def units(measure: Measure, amount: int) -> Decimal:
    """As people read it."""
    return plain(Decimal(amount).scaleb(-MICRO)) if measure == "money" else Decimal(amount)
