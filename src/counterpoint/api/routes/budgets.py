"""Budgets and limits: what may be spent, what is, and what it will come to."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.given import Cursor, Given, Input, Limit
from counterpoint.api.shapes.budgets import (
    BudgetShape,
    MeasureName,
    PeriodName,
    ScopeName,
    SpendingShape,
    budget_page,
    budget_shape,
    spending_shape,
)
from counterpoint.api.shapes.common import Page
from counterpoint.control.budgets.values import BudgetChange, NewBudget
from counterpoint.control.pricing import decimal_of

router = APIRouter(prefix="/budgets", tags=["budgets"])
_read, _write = [require("budgets.read")], [require("budgets.write")]
AmountText = Annotated[str, Field(max_length=40, pattern=r"^\d+(\.\d+)?$", examples=["500"])]


class BudgetInput(Input):
    """A limit to make."""

    scope: ScopeName = "organisation"
    subject: str = Field(
        default="", max_length=300, description="Name or id; of a person the login; empty: the organisation."
    )
    measure: MeasureName = "money"
    per: PeriodName = "month"
    amount: AmountText
    models: list[str] = Field(default=[], max_length=100)
    route: str = Field(
        default="", max_length=200, description="Where calls go that do not fit; else refused."
    )
    unpriced: bool = False


class BudgetEdit(Input):
    """What is to be different."""

    amount: AmountText | None = None
    models: list[str] | None = Field(default=None, max_length=100)
    route: str | None = Field(default=None, max_length=200)
    unpriced: bool | None = None


@router.get("", summary="List budgets and limits", dependencies=_read)
def list_budgets(
    services: Given,
    limit: Limit = 50,
    cursor: Cursor = None,
    scope: ScopeName | None = None,
    subject: Annotated[str | None, Query(max_length=100, description="An id.")] = None,
) -> Page[BudgetShape]:
    """In the order in which they were made."""
    return budget_page(services.money.budgets.list(scope=scope, subject=subject, cursor=cursor, limit=limit))


@router.post("", status_code=201, summary="Set a budget or a limit", dependencies=_write)
def add_budget(services: Given, new: BudgetInput, tag: Tag) -> BudgetShape:
    """It holds within a second."""
    view = services.money.budgets.add(
        NewBudget(
            scope=new.scope,
            subject=new.subject,
            measure=new.measure,
            per=new.per,
            amount=decimal_of(new.amount),
            models=tuple(new.models),
            route=new.route,
            unpriced=new.unpriced,
        )
    )
    tag(view.row.revision)
    return budget_shape(view)


@router.get("/{budget_id}", summary="Show a budget", dependencies=_read)
def show_budget(services: Given, budget_id: str, tag: Tag) -> BudgetShape:
    """By its id."""
    view = services.money.budgets.find(budget_id)
    tag(view.row.revision)
    return budget_shape(view)


@router.get("/{budget_id}/spending", summary="Show how a budget is spent", dependencies=_read)
def show_spending(services: Given, budget_id: str) -> SpendingShape:
    """Step by step in the period that runs, and what it will come to."""
    return spending_shape(services.money.budgets.spending(budget_id))


@router.patch("/{budget_id}", summary="Change a budget", dependencies=_write)
def edit_budget(services: Given, budget_id: str, edit: BudgetEdit, revision: Edited, tag: Tag) -> BudgetShape:
    """What is spent of it stays spent."""
    change = BudgetChange(
        amount=None if edit.amount is None else decimal_of(edit.amount),
        models=None if edit.models is None else tuple(edit.models),
        route=edit.route,
        unpriced=edit.unpriced,
    )
    view = services.money.budgets.change(budget_id, change, revision=revision)
    tag(view.row.revision)
    return budget_shape(view)


@router.delete("/{budget_id}", status_code=204, summary="Remove a budget", dependencies=_write)
def remove_budget(services: Given, budget_id: str, revision: Edited) -> None:
    """It binds nobody any more."""
    services.money.budgets.remove(budget_id, revision=revision)
