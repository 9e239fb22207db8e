"""The studio's own key to the gateway: derived from the master key, never stored, never shown.

What is asked in the playground goes the way of every other call, so it is limited, priced and in the ledger
like any other; there it stands under this key's id, which is also its name. Studio and gateway may be processes on
different machines: what they have in common is the database and the master key.
"""

from collections.abc import Sequence

import msgspec

from counterpoint.control.masterkey import MasterKey
from counterpoint.directory import Key
from counterpoint.directory.keytext import derived_key, digest_of

STUDIO_KEY = "studio"
"""Its id; every other key's is a UUID."""


class StudioKey(msgspec.Struct, frozen=True):
    """`text`: what opens the gateway. `others`: what opens it too while a master key is being changed."""

    text: str
    others: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "StudioKey()"

    def published(self, organisation_id: str, project_id: str) -> dict[bytes, Key]:
        """As workers know it, by its digests."""
        key = Key(id=STUDIO_KEY, name=STUDIO_KEY, project=project_id, organisation=organisation_id)
        return {digest_of(text): key for text in (self.text, *self.others)}


def studio_key(masters: Sequence[MasterKey]) -> StudioKey:
    """That of an installation with these master keys, the current one first."""
    text, *others = (derived_key(master.key, STUDIO_KEY) for master in masters)
    return StudioKey(text, tuple(others))
