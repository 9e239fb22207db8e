"""From a provider's secret to what it is called with: the secret itself, a token that a cloud gave for it, or a
pair that signs."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from counterpoint.catalog.hosts import NOTHING, Granted
from counterpoint.catalog.values import HostRow
from counterpoint.control.credentials.reading import credential_of, region_of
from counterpoint.control.credentials.values import AwsPair, Credential, Grant, Plain, Source
from counterpoint.directory.values import Signing


class Asked(msgspec.Struct, frozen=True):
    """What a provider has to show at a host of that row. `credential`: what `secret` is."""

    row: HostRow
    secret: str | None
    credential: Any
    region: str

    def __repr__(self) -> str:
        return f"Asked({self.row.name!r})"

    @property
    def plain(self) -> bool:
        """Whether the secret itself is shown."""
        return isinstance(self.credential, Plain)

    @property
    def fetched(self) -> bool:
        """Whether it is exchanged for something short-lived."""
        return isinstance(self.credential, Source)

    @property
    def supposed(self) -> Granted:
        """Enough to see whether the rest of a provider is sound."""
        return NOTHING if self.credential is None or self.plain else Granted("-")


def asked_of(row: HostRow, secret: str | None, settings: Mapping[str, str]) -> Asked:
    """Raises `Complaint` for a secret that the host does not take."""
    credential: Credential | None = credential_of(row, secret, settings)
    return Asked(row, secret, credential, region_of(row, settings))


def granted_for(asked: Asked, obtain: Callable[[Source], Grant]) -> Granted:
    """What there is for it. `obtain` raises `Complaint` where there is nothing."""
    if asked.fetched:
        grant = obtain(asked.credential)
        return Granted(grant.token, _signing(grant.pair, asked))
    if isinstance(asked.credential, AwsPair):
        return Granted(signing=_signing(asked.credential, asked))
    return NOTHING


def _signing(pair: AwsPair | None, asked: Asked) -> Signing | None:
    if pair is None:
        return None
    return Signing(pair.access_key, pair.secret, asked.region, asked.row.signing_service, pair.session)
