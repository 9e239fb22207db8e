"""What the admin API needs to answer, handed to it by `app`: services of `control`, and ports for what runs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from counterpoint.api.forwarded import Network
from counterpoint.api.jobs import Jobs
from counterpoint.api.local import LocalModels
from counterpoint.api.relay import Relay
from counterpoint.api.shapes.status import StatusShape
from counterpoint.api.trials import Trials
from counterpoint.catalog.catalog import Catalog
from counterpoint.control.accounts import Accounts
from counterpoint.control.audit import Audit
from counterpoint.control.budgets.raising import Raising
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.focusing import Focus
from counterpoint.control.keys import Keys
from counterpoint.control.pricing import Pricing
from counterpoint.control.projects import Projects
from counterpoint.control.providers import Providers
from counterpoint.control.routes import Routes
from counterpoint.control.rules import NameRules
from counterpoint.control.servicetokens import ServiceTokens
from counterpoint.control.signin import SignIn
from counterpoint.control.usage import Usage
from counterpoint.directory import Directory
from counterpoint.directory.health import WorkerHealth
from counterpoint.knowledge.groups import Groups
from counterpoint.knowledge.service import Knowledge


class Running(Protocol):
    """What of the platform runs."""

    def status(self) -> StatusShape:
        """How everything is."""

    def is_ready(self) -> bool:
        """Whether calls can be answered."""

    def metrics(self) -> str:
        """Figures, as Prometheus reads them."""

    def watched(self, wake: Callable[[], None]) -> AbstractContextManager[None]:
        """Somebody looks at what is answered: `wake` is called, in any thread, when there is more to see."""


@dataclass(frozen=True)
class Money:
    """What may be spent, who asks for more, and what things cost. `focus`: usage as FOCUS has it, at the prices of
    now."""

    budgets: Budgets
    raising: Raising
    pricing: Pricing
    focus: Callable[[], Focus]


@dataclass(frozen=True)
class Services:
    """Everything that the routes use. `catalog` is read when it is first called for; `directory` is
    what the workers were told last. `admin_token`: the operator's bearer token, `None` for none.
    `metrics_from`: networks that may read figures without credentials. `admin_hosts`: names by which the admin port
    may be called, beside IP addresses and `localhost`. `closing`: set when the platform stops, so that streams of
    events end. `health`: what each gateway worker here has measured of the offerings that it asks. `knowledge` is
    opened when it is first called for: whoever has no sources does without its libraries."""

    running: Running
    sign_in: SignIn
    accounts: Accounts
    tokens: ServiceTokens
    keys: Keys
    providers: Providers
    rules: NameRules
    routes: Routes
    projects: Projects
    usage: Usage
    audit: Audit
    money: Money
    models: LocalModels
    jobs: Jobs
    catalog: Callable[[], Catalog]
    directory: Callable[[], Directory]
    relay: Relay
    groups: Groups
    knowledge: Callable[[], Knowledge]
    admin_token: str | None = field(default=None, repr=False)
    admin_hosts: tuple[str, ...] = ()
    metrics_from: tuple[Network, ...] = ()
    trials: Trials = field(default_factory=Trials, repr=False)
    closing: Event = field(default_factory=Event, repr=False)
    health: Callable[[], tuple[WorkerHealth, ...]] = tuple
