"""Accounts of people: made by an invitation or with a password, changed, disabled, removed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field, SecretStr

from counterpoint.api.access import Caller, Permission, require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.given import Cursor, Given, Input, Limit
from counterpoint.api.shapes.accounts import (
    AccountShape,
    InvitationShape,
    RoleName,
    account_page,
    account_shape,
)
from counterpoint.api.shapes.common import Page
from counterpoint.control.accounts import AccountChange

router = APIRouter(prefix="/accounts", tags=["accounts"])
_read = [require("accounts.read")]
_write = [require("accounts.write")]
_writer = Permission("accounts.write")
Writer = Annotated[Caller, Depends(_writer)]


class NewAccount(Input):
    """Who is to get in."""

    login: str = Field(max_length=200, examples=["ada@example.com"])
    name: str = Field(max_length=200, examples=["Ada Lovelace"])
    role: RoleName
    password: SecretStr | None = Field(
        default=None, max_length=1000, description="None: the answer has a link to hand over."
    )


class AccountEdit(Input):
    """What changes; what is left out stays."""

    name: str | None = Field(default=None, max_length=200)
    role: RoleName | None = None
    disabled: bool | None = None


@router.get("", summary="List accounts", dependencies=_read)
def list_accounts(
    services: Given,
    limit: Limit = 50,
    cursor: Cursor = None,
    role: RoleName | None = None,
    q: Annotated[str, Query(max_length=200, description="Part of a login or a name.")] = "",
) -> Page[AccountShape]:
    """Newest first."""
    return account_page(services.accounts.list(role=role, words=q, cursor=cursor, limit=limit))


@router.post("", status_code=201, summary="Create an account", dependencies=_write)
def create_account(services: Given, caller: Writer, new: NewAccount) -> InvitationShape:
    """With a password, or with a link that signs in once and lets its holder choose one."""
    password = new.password.get_secret_value() if new.password is not None else None
    made = services.accounts.create(
        login=new.login, name=new.name, role=new.role, password=password, actor=caller.role
    )
    link = services.sign_in.new_link(made.id) if password is None else None
    return InvitationShape(account_shape(made), link)


@router.get("/{account_id}", summary="Show an account", dependencies=_read)
def show_account(services: Given, account_id: str, tag: Tag) -> AccountShape:
    """By its id."""
    found = services.accounts.find(account_id)
    tag(found.revision)
    return account_shape(found)


@router.patch("/{account_id}", summary="Change an account", dependencies=_write)
def edit_account(
    services: Given, caller: Writer, account_id: str, edit: AccountEdit, revision: Edited, tag: Tag
) -> AccountShape:
    """Another role, or being disabled, ends its sessions."""
    change = AccountChange(edit.name, edit.role, edit.disabled)
    row = services.accounts.change(account_id, change, actor=caller.role, revision=revision)
    tag(row.revision)
    return account_shape(row)


@router.delete("/{account_id}", status_code=204, summary="Remove an account", dependencies=_write)
def remove_account(services: Given, caller: Writer, account_id: str) -> None:
    """With its sessions."""
    services.accounts.remove(account_id, actor=caller.role)


@router.post("/{account_id}/link", status_code=201, summary="Make a sign-in link", dependencies=_write)
def link_account(services: Given, caller: Writer, account_id: str) -> InvitationShape:
    """For somebody who is new or forgot his password; earlier links of the account end."""
    row = services.accounts.managed(account_id, actor=caller.role)
    return InvitationShape(account_shape(row), services.sign_in.new_link(row.id))


@router.post(
    "/{account_id}/sign-out", status_code=204, summary="Sign an account out everywhere", dependencies=_write
)
def sign_out_account(services: Given, caller: Writer, account_id: str) -> None:
    """Its sessions end at once."""
    services.sign_in.end_all(services.accounts.managed(account_id, actor=caller.role).id)
