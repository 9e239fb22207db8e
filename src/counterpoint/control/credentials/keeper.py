"""Keeps short-lived credentials fresh: fetched once at a time, ahead of their end, and again after a failure, later and
later."""

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping

from counterpoint.control.credentials.aws import fetch_aws
from counterpoint.control.credentials.entra import fetch_entra
from counterpoint.control.credentials.google import fetch_google
from counterpoint.control.credentials.ibm import fetch_ibm
from counterpoint.control.credentials.values import (
    AwsMachine,
    AwsRole,
    EntraApplication,
    EntraMachine,
    Grant,
    IbmKey,
    Source,
)
from counterpoint.i18n.complaint import Complaint

log = logging.getLogger(__name__)

RENEWED_AT = 0.75
"""Of its life, when a credential is renewed: a token server may be away for a while."""
FIRST_RETRY, LAST_RETRY = 2.0, 300.0
PATIENCE = 3.0
MARGIN = 30.0
"""Seconds before its end from which a credential is no longer given out."""


def fetch(source: Source, environ: Mapping[str, str] = os.environ) -> Grant:
    """What there is to be had for it now. Raises `Complaint`."""
    match source:
        case AwsMachine() | AwsRole():
            return fetch_aws(source, environ)
        case EntraApplication() | EntraMachine():
            return fetch_entra(source, environ)
        case IbmKey():
            return fetch_ibm(source)
        case _:
            return fetch_google(source, environ)


class _Held:
    """One source, and how it stands with it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.grant: Grant | None = None
        self.problem: Complaint | None = None
        self.failures = 0
        self.due = 0.0


class Keeper:
    """`version` counts what changed for those who use the credentials. Times are the clock's."""

    def __init__(
        self,
        fetch: Callable[[Source], Grant] = fetch,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._fetch = fetch
        self._now = now
        self._chance = chance
        self._held: dict[Source, _Held] = {}
        self._wanted: frozenset[Source] = frozenset()
        self.version = 0

    def obtain(self, source: Source) -> Grant:
        """One that is good now; asks for it if need be, and waits. Raises `Complaint`."""
        held = self._held.setdefault(source, _Held())
        with held.lock:  # whoever comes second finds what the first one got
            grant = self._good(held)
            if grant is None and (held.problem is None or self._now() >= held.due):
                self._renew(source, held)
                grant = self._good(held)
            if grant is None:
                raise held.problem or Complaint("control.credentials.no_identity", cloud="")
            return grant

    def ask_again(self, source: Source) -> Grant:
        """As `obtain`, though the last try may have failed just now: a person is waiting."""
        held = self._held.setdefault(source, _Held())
        with held.lock:
            held.due = min(held.due, self._now())
        return self.obtain(source)

    def at_hand(self, source: Source) -> Grant:
        """One that is good now, without asking anybody. Raises `Complaint`."""
        held = self._held.get(source)
        grant = self._good(held) if held is not None else None
        if grant is None:
            problem = held.problem if held is not None else None
            raise problem or Complaint("control.credentials.pending", kind="unavailable")
        return grant

    def problem(self, source: Source) -> Complaint | None:
        """Why it could not be had when it was last asked for; `None` also where it never was."""
        held = self._held.get(source)
        return held.problem if held is not None else None

    def usable(self, source: Source) -> bool:
        """Whether one is at hand that is good still."""
        held = self._held.get(source)
        return held is not None and self._good(held) is not None

    def keep(self, sources: Iterable[Source]) -> None:
        """From now on these are renewed by `renew_due`, and all others forgotten. Those that are new are asked for at
        once; returns when they are there, or after a while: the rest of a directory must not wait for them."""
        self._wanted = frozenset(sources)
        for source in [source for source in self._held if source not in self._wanted]:
            del self._held[source]
        self._renew_all([source for source in self._wanted if source not in self._held], PATIENCE)

    def renew_due(self) -> None:
        """Renews what is due, each in a thread of its own, and returns when all is done."""
        now = self._now()
        self._renew_all([source for source in self._wanted if self._due(source, now)], None)

    def _renew_all(self, due: Iterable[Source], patience: float | None) -> None:
        threads = [threading.Thread(target=self._renew_one, args=(source,), daemon=True) for source in due]
        for thread in threads:
            thread.start()
        until = None if patience is None else time.monotonic() + patience
        for thread in threads:
            thread.join(None if until is None else max(0.0, until - time.monotonic()))

    def _due(self, source: Source, now: float) -> bool:
        held = self._held.get(source)
        return held is None or now >= held.due

    def _renew_one(self, source: Source) -> None:
        held = self._held.setdefault(source, _Held())
        with held.lock:
            if self._now() >= held.due:
                self._renew(source, held)

    def _renew(self, source: Source, held: _Held) -> None:
        now = self._now()
        try:
            grant = self._fetch(source)
        except Complaint as complaint:
            held.failures += 1
            wait = min(LAST_RETRY, FIRST_RETRY * 2 ** (held.failures - 1))
            held.due = now + wait * (0.5 + 0.5 * self._chance())
            if held.problem is None:
                self.version += 1
            held.problem = complaint
            log.warning("%s: %s", source, complaint.text("en"))
            return
        life = max(0.0, grant.expires - now)
        held.due = now + life * (RENEWED_AT + 0.1 * (self._chance() - 0.5))
        held.failures = 0
        if held.grant != grant or held.problem is not None:
            self.version += 1
        held.grant, held.problem = grant, None

    def _good(self, held: _Held) -> Grant | None:
        grant = held.grant
        return grant if grant is not None and grant.expires - MARGIN > self._now() else None
