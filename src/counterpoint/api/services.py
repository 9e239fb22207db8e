"""What the admin API needs to answer, handed to it by `app`: services of `control`, and ports for what runs."""

from dataclasses import dataclass, field
from typing import Protocol

from counterpoint.api.shapes.status import StatusShape
from counterpoint.control.keys import Keys
from counterpoint.control.signin import SignIn


class Running(Protocol):
    """What of the platform runs."""

    def status(self) -> StatusShape:
        """How everything is."""

    def is_ready(self) -> bool:
        """Whether calls can be answered."""


@dataclass(frozen=True)
class Services:
    """Everything that the routes use. `admin_token`: the operator's bearer token, `None` for none.
    `admin_hosts`: names by which the admin port may be called, beside IP addresses and `localhost`."""

    running: Running
    sign_in: SignIn
    keys: Keys
    admin_token: str | None = field(default=None, repr=False)
    admin_hosts: tuple[str, ...] = ()
