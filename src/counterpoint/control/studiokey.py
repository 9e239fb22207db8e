"""The studio's own key to the gateway: made at each start, never stored, never shown.

What is asked in the playground goes the way of every other call, so it is limited, priced and in the ledger
like any other; there it stands under this key's id, which is also its name.
"""

import msgspec

from counterpoint.directory import Key
from counterpoint.directory.keytext import digest_of, make_key

STUDIO_KEY = "studio"
"""Its id; every other key's is a UUID."""


class StudioKey(msgspec.Struct, frozen=True):
    """`text`: what opens the gateway."""

    text: str

    def __repr__(self) -> str:
        return "StudioKey()"

    def published(self, organisation_id: str, project_id: str) -> dict[bytes, Key]:
        """As workers know it, by its digest."""
        key = Key(id=STUDIO_KEY, name=STUDIO_KEY, project=project_id, organisation=organisation_id)
        return {digest_of(self.text): key}


def new_studio_key() -> StudioKey:
    """For as long as this process runs."""
    return StudioKey(make_key())
