"""What the configuration file says of budgets and limits, as the service takes it; and what is wrong with it."""

from collections.abc import Iterator

from counterpoint.control.budgets.service import check
from counterpoint.control.budgets.values import NewBudget
from counterpoint.control.config import Configuration, LimitSection
from counterpoint.control.pricing import decimal_of
from counterpoint.control.schema import Fault
from counterpoint.i18n.complaint import Complaint
from counterpoint.limits import Per


def limits_from(configuration: Configuration) -> tuple[NewBudget, ...]:
    """All of it. Raises `Complaint`."""
    return tuple(_budget(section) for section in configuration.limits)


def faults(configuration: Configuration) -> Iterator[Fault]:
    """What is wrong, at its place. Whether a subject exists is known at the start alone."""
    seen: set[tuple[object, ...]] = set()
    for index, section in enumerate(configuration.limits):
        try:
            new = _budget(section)
            check(new)
        except Complaint as complaint:
            yield Fault(("limits", index), complaint.sentence, complaint.values)
            continue
        same = (new.scope, new.subject, new.measure, new.per, new.models)
        if same in seen:
            yield Fault(("limits", index), "control.config.twice", {"name": section.subject or section.scope})
        seen.add(same)


def _budget(section: LimitSection) -> NewBudget:
    per: Per = "total" if section.measure == "concurrent" else "month"
    return NewBudget(
        scope=section.scope,
        subject=section.subject,
        measure=section.measure,
        per=section.per or per,
        amount=decimal_of(section.amount),
        models=section.models,
        route=section.route,
        unpriced=section.unpriced,
    )
