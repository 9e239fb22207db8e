"""What a process of the platform may be: all of it, or one part of several that share a database."""

from typing import Literal

Role = Literal["gateway", "studio", "worker"]

ALL: tuple[Role, ...] = ("gateway", "studio", "worker")
"""`gateway` answers calls: gateway workers, local models, the shipper of the ledger. `studio` is the admin API and its
pages. `worker` does what is to be done in the background: batches, tidying, looking for models."""
