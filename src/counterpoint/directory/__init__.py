"""The directory: all that a gateway worker must know to serve, as frozen values.

`control` publishes it, `gateway` reads it, neither imports the other. It holds keys by hash, hosts with
their credentials, offerings with their prices, and the organisation's rules for bare model names; it
travels over a private socket (never over disk), so a worker needs no database.
"""

from counterpoint.directory.values import (
    LOCAL_HOST,
    Directory,
    Host,
    Key,
    Offering,
    Price,
    PriceTier,
    Rules,
    Signing,
    Weights,
)

__all__ = [
    "LOCAL_HOST",
    "Directory",
    "Host",
    "Key",
    "Offering",
    "Price",
    "PriceTier",
    "Rules",
    "Signing",
    "Weights",
]
