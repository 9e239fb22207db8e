"""Requests for more than a limit allows. Who is bound asks, with his account or with the key that he holds."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from counterpoint.api.access import Caller, Permission, require
from counterpoint.api.routes.budgets import AmountText
from counterpoint.api.routes.given import Cursor, Given, Input, Limit, Moment
from counterpoint.api.shapes.budgets import (
    BudgetShape,
    RaiseShape,
    RaiseState,
    budget_shape,
    raise_page,
    raise_shape,
)
from counterpoint.api.shapes.common import Page
from counterpoint.control.budgets.raising import Asker, NewRaise
from counterpoint.control.pricing import decimal_of

router = APIRouter(prefix="/raises", tags=["budgets"])
_read, _ask, _decide = require("raises.read"), require("raises.ask"), require("budgets.write")
Reader = Annotated[Caller, Depends(Permission("raises.read"))]
Asking = Annotated[Caller, Depends(Permission("raises.ask"))]
Deciding = Annotated[Caller, Depends(Permission("budgets.write"))]


class RaiseInput(Input):
    """What is asked for."""

    budget: str = Field(max_length=36, description="The id of the limit.")
    amount: AmountText
    until: Moment | None = Field(default=None, description="Null: to the end of the limit's period.")
    reason: str = Field(min_length=1, max_length=2000)


class Approval(Input):
    """With what words; another amount than was asked for, if so."""

    note: str = Field(default="", max_length=2000)
    amount: AmountText | None = None


class Refusal(Input):
    """With what words."""

    note: str = Field(default="", max_length=2000)


def asker_of(caller: Caller) -> Asker:
    """As the service knows him."""
    name = caller.login or caller.name
    if caller.key:
        return Asker(caller.key, name, key=True)
    return Asker(caller.account or "", name, all="budgets.read" in caller.rights)


@router.get("/limits", summary="List the limits that bind me", dependencies=[_ask])
def list_binding(services: Given, caller: Asking) -> list[BudgetShape]:
    """Those of which the caller may ask for more."""
    return [budget_shape(view) for view in services.money.raising.binding(asker_of(caller))]


@router.get("", summary="List requests for raises", dependencies=[_read])
def list_raises(
    services: Given,
    caller: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    state: RaiseState | None = None,
) -> Page[RaiseShape]:
    """Newest first: the caller's own, or all where he may see budgets."""
    asker = asker_of(caller)
    page = services.money.raising.page(asker, state=state, cursor=cursor, limit=limit)
    return raise_page(page, asker.id)


@router.post("", status_code=201, summary="Ask for a raise", dependencies=[_ask])
def ask(services: Given, caller: Asking, new: RaiseInput) -> RaiseShape:
    """Of a limit that binds the caller."""
    asker = asker_of(caller)
    wanted = NewRaise(new.budget, decimal_of(new.amount), new.until, new.reason)
    return raise_shape(services.money.raising.ask(asker, wanted), asker.id)


@router.post("/{raise_id}/approve", summary="Approve a raise", dependencies=[_decide])
def approve(services: Given, caller: Deciding, raise_id: str, approval: Approval | None = None) -> RaiseShape:
    """It holds from now on, to its end."""
    asker, given = asker_of(caller), approval or Approval()
    amount = None if given.amount is None else decimal_of(given.amount)
    view = services.money.raising.approve(raise_id, asker, note=given.note, amount=amount)
    return raise_shape(view, asker.id)


@router.post("/{raise_id}/refuse", summary="Refuse a raise", dependencies=[_decide])
def refuse(services: Given, caller: Deciding, raise_id: str, refusal: Refusal | None = None) -> RaiseShape:
    """The limit stays as it is."""
    asker = asker_of(caller)
    note = (refusal or Refusal()).note
    return raise_shape(services.money.raising.refuse(raise_id, asker, note=note), asker.id)


@router.post("/{raise_id}/withdraw", summary="Withdraw a request", dependencies=[_ask])
def withdraw(services: Given, caller: Asking, raise_id: str) -> RaiseShape:
    """By whoever asked."""
    asker = asker_of(caller)
    return raise_shape(services.money.raising.withdraw(raise_id, asker), asker.id)
