"""What the platform knows and is asked: the services of this room, for whoever serves people."""

from dataclasses import dataclass

from counterpoint.knowledge.administering import Sources
from counterpoint.knowledge.asking import Asking
from counterpoint.knowledge.opening import Documents
from counterpoint.knowledge.receipts import Receipts


@dataclass(frozen=True)
class Knowledge:
    """Of one organisation."""

    sources: Sources
    documents: Documents
    asking: Asking
    receipts: Receipts
