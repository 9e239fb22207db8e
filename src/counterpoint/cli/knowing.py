"""What commands about documents share: the platform's knowledge, opened for one command, and as whom is asked."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from counterpoint.app.presence import running_address
from counterpoint.cli.opening import Place

if TYPE_CHECKING:
    from counterpoint.app.compose import Control
    from counterpoint.knowledge.asker import Asker
    from counterpoint.knowledge.service import Knowledge


@contextmanager
def opened(place: Place) -> "Iterator[tuple[Control, Knowledge]]":
    """Questions need a running gateway to be understood by meaning, and are searched by word without one. Raises
    `Complaint`."""
    made = importlib.import_module("counterpoint.app.knowing").Knowing
    with place.open() as control:
        knowing = made(control, lambda: gateway_of(control))
        try:
            yield control, knowing.service()
        finally:
            knowing.close()


def gateway_of(control: "Control") -> str:
    """Where one answers: as the settings have it, else as those that run have signed; empty where none does."""
    if control.settings.gateway_url:
        return control.settings.gateway_url
    return running_address(control.database, control.settings.data, "gateway")


def asker_of(control: "Control", login: str | None) -> "Asker":
    """Whoever has that login; without one, nobody in particular: what everybody may see. Raises `Complaint`."""
    if login is None:
        return control.groups.asker(None, administers=True)
    account = control.accounts.by_login(login)
    return control.groups.asker(account.id, login=account.login, administers=True)
