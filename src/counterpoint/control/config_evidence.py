"""What an operator declares of the ledger, the audit log and telemetry: the schema, as values."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1)]


class LedgerSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was used. `commit`: what the last bytes of an answer wait for: `spool` (its entry survives every process,
    nothing is waited for), `disk` (it survives the loss of power) or `database` (whoever reads usage sees it at once).
    `commit_wait`: how long they wait for the database at most. `keep`: how long entries are kept (`90d`), for ever
    unless said; the sums of usage stay."""

    commit: Literal["spool", "disk", "database"] = "spool"
    commit_wait: int | float | str = "250ms"
    keep: int | float | str | None = None


class AuditSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who changed what. `anchor`: a file to which the log's newest place is appended after each act, relative to the
    configuration file; kept elsewhere than the database, it shows when the log's end was cut off."""

    anchor: Text | None = None


class TelemetrySection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told to others of calls: never what they say. `endpoint`: an OTLP/HTTP collector; unless it is said, the
    variables of OpenTelemetry's SDK count. `headers`: for the collector, each value as it is or as a secret is said
    (`env:NAME`, `file:PATH`). `traces`, `metrics`: whether these are sent. `service`: our name there.
    `metrics_from`: addresses or networks that may read `/metrics` without credentials."""

    endpoint: Text | None = None
    headers: dict[str, Text] = {}
    traces: bool = True
    metrics: bool = True
    service: Text = "counterpoint"
    metrics_from: tuple[Text, ...] = ()
