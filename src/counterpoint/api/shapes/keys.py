"""A client's key as it is shown: recognisable, never usable."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Page, Shape, instant, moment

if TYPE_CHECKING:  # the command line shows help without loading a database library
    from counterpoint.control.keypairs import Pair
    from counterpoint.control.keys import CreatedKey, CreatedPair, KeyPage
    from counterpoint.storage.keys import KeyRow


@dataclass(frozen=True)
class KeyShape(Shape):
    """A key of a client, without its secret."""

    id: str
    name: str
    project: str
    state: Literal["active", "expired", "revoked"]
    models: list[str]
    """Patterns over `host/model` and bare names that it may use; empty: all."""
    hint: str
    """How the secret begins and ends."""
    owner: Literal["studio", "file", "environment"]
    """Who declares it. Only keys of the studio can be changed here."""
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    revision: int
    """Counts changes; also the ETag."""


@dataclass(frozen=True)
class PairShape(Shape):
    """What the SDKs of AWS sign calls with, which is shown this once."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True)
class NewKeyShape(Shape):
    """A key with its secret, which is shown this once."""

    key: KeyShape
    secret: str
    pair: PairShape | None = None
    """To sign calls with, if that was asked for."""


@dataclass(frozen=True)
class NewPairShape(Shape):
    """A key with a new pair, which is shown this once."""

    key: KeyShape
    pair: PairShape


def key_shape(row: "KeyRow", now: datetime | None = None) -> KeyShape:
    """One key as it is at `now`."""
    expires = moment(row.expires_at)
    state: Literal["active", "expired", "revoked"] = "active"
    if row.revoked_at is not None:
        state = "revoked"
    elif expires is not None and expires <= (now or datetime.now(UTC)):
        state = "expired"
    return KeyShape(
        id=row.id,
        name=row.name,
        project=row.project,
        state=state,
        models=list(row.models),
        hint=row.hint,
        owner=row.owner,  # type: ignore[arg-type]  # a column; `control.ownership` has its values
        created_at=instant(row.created_at),
        expires_at=expires,
        revoked_at=moment(row.revoked_at),
        revision=row.revision,
    )


def key_page(page: "KeyPage") -> Page[KeyShape]:
    """A page of keys."""
    return Page([key_shape(row) for row in page.items], page.next)


def new_key_shape(made: "CreatedKey") -> NewKeyShape:
    """A key just made."""
    return NewKeyShape(key_shape(made.key), made.text, _pair_shape(made.pair) if made.pair else None)


def new_pair_shape(made: "CreatedPair") -> NewPairShape:
    """A pair just made."""
    return NewPairShape(key_shape(made.key), _pair_shape(made.pair))


def _pair_shape(pair: "Pair") -> PairShape:
    return PairShape(pair.access_key, pair.secret)
