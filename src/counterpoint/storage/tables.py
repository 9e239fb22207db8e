"""Every table, once. Ids are UUIDv7 text; times are microseconds since the epoch, UTC; a name that a person
gives is unique where that person would be confused otherwise.

`owner` says who may change a row: `studio` (whoever is signed in, the command line included), `file` (the
configuration file) or `environment`. A declared row is rewritten at each start and read-only elsewhere.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from counterpoint.storage.latencies import Latencies
from counterpoint.storage.types import Json, Money

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = String(36)
_NAME = String(200)

organisations = Table(
    "organisations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", _NAME, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
)

projects = Table(
    "projects",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("data_class", _NAME, nullable=False, server_default=""),
    Column("constraints", Json),
    Column("constraints_owner", String(20), nullable=False, server_default="studio"),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("organisation_id", "name"),
)
"""`data_class`, `constraints`: what it sends, and where to (see `directory.routes`); `constraints_owner`: of both."""

routes = Table(
    "routes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("definition", Json, nullable=False),
    Column("owner", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("organisation_id", "name"),
)
"""`definition`: a `directory.routes.Route`."""

keys = Table(
    "keys",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("project_id", _ID, ForeignKey("projects.id"), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("owner", String(20), nullable=False),
    Column("models", Json, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("revision", Integer, nullable=False),
    Column("account_id", _ID),
)
Index(
    "uq_keys_project_id_name",
    keys.c.project_id,
    keys.c.name,
    unique=True,
    sqlite_where=text("revoked_at IS NULL"),
    postgresql_where=text("revoked_at IS NULL"),
)
"""A revoked key keeps its name in the records; the name may be given again. `account_id`: the person whom it was made
for, whose limits bind it too."""

key_digests = Table(
    "key_digests",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("key_id", _ID, ForeignKey("keys.id"), nullable=False, index=True),
    Column("hint", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
)
"""SHA-256 of every secret that a key has or had: two are valid while a rotation's grace lasts."""

secrets = Table(
    "secrets",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("owner_kind", String(20), nullable=False),
    Column("owner_id", _ID, nullable=False),
    Column("name", _NAME, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("master_key_id", String(16), nullable=False),
    Column("hint", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("owner_kind", "owner_id", "name"),
)

providers = Table(
    "providers",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("host", _NAME, nullable=False),
    Column("base_url", Text),
    Column("dialects", Json, nullable=False),
    Column("settings", Json, nullable=False),
    Column("models", Json),
    Column("found_models", Json),
    Column("found_at", BigInteger),
    Column("owner", String(20), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("data_classes", Json),
    Column("residency", Json),
    Column("jurisdiction", String(20)),
    UniqueConstraint("organisation_id", "name"),
)
"""`models`: the ids that the operator says it serves; `found_models`: those that the host itself listed, at
`found_at`; `data_classes`: what may be sent there; `residency`, `jurisdiction`: instead of the catalogue's. Null: not
said."""

rules = Table(
    "rules",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    Column("pattern", _NAME, nullable=False),
    Column("target", _NAME, nullable=False),
    Column("owner", String(20), nullable=False),
    UniqueConstraint("organisation_id", "kind", "owner", "position"),
)
"""`kind` `alias`: a bare name's glob pattern and its target. `prefer`: a host's name in `pattern`, best
first. `losses`: a glob pattern over models' names, and the policy on losses as a text."""

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column(
        "id", Text, primary_key=True
    ),  # with `at`, on PostgreSQL: the key of a parted table has what parts it
    Column("at", BigInteger, nullable=False, index=True),
    Column("operation", Text, nullable=False),
    Column("client_dialect", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("requested", Text, nullable=False),
    Column("offering", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("upstream_dialect", Text, nullable=False),
    Column("stream", Boolean, nullable=False),
    Column("status", Integer, nullable=False),
    Column("failure", Text),
    Column("finish", Text),
    Column("usage_reported", Boolean, nullable=False),
    Column("input", BigInteger, nullable=False),
    Column("cache_read", BigInteger, nullable=False),
    Column("cache_write", BigInteger, nullable=False),
    Column("cache_write_1h", BigInteger, nullable=False),
    Column("output", BigInteger, nullable=False),
    Column("reasoning", BigInteger, nullable=False),
    Column("audio_in", BigInteger, nullable=False),
    Column("audio_out", BigInteger, nullable=False),
    Column("audio_cache_read", BigInteger, nullable=False),
    Column("image_in", BigInteger, nullable=False),
    Column("image_out", BigInteger, nullable=False),
    Column("web_searches", BigInteger, nullable=False),
    Column("images", BigInteger, nullable=False, server_default=text("0")),
    Column("audio_seconds", BigInteger, nullable=False, server_default=text("0")),
    Column("characters", BigInteger, nullable=False, server_default=text("0")),
    Column("search_units", BigInteger, nullable=False, server_default=text("0")),
    Column("cost", Money),
    Column("currency", Text, nullable=False),
    Column("first_event_micros", BigInteger),
    Column("total_micros", BigInteger, nullable=False),
    Column("attempts", Json, nullable=False),
    Column("losses", Json, nullable=False),
    Column("request_bytes", BigInteger, nullable=False),
    Column("response_bytes", BigInteger, nullable=False),
    Column("usage_group", Integer, nullable=False, server_default=text("0")),
    *(Column(name, Text, nullable=False, server_default="") for name in ("user", "route", "purpose")),
    *(Column(name, Text, nullable=False, server_default="") for name in ("parent", "trace")),
    Column("charges", Json, nullable=False, server_default="[]"),
    Index("ix_ledger_entries_usage_group_at", "usage_group", "at"),
    postgresql_partition_by="RANGE (at)",
)
"""No foreign keys: an entry outlives the project and the key that it names. No lengths: whatever a caller or
a host called things, an entry must never be refused. Days are partitions, see `storage.days`."""

usage_groups = Table(
    "usage_groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", LargeBinary(16), nullable=False, unique=True),
    Column("organisation", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("offering", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("client_dialect", Text, nullable=False),
    Column("currency", Text, nullable=False),
    *(Column(name, Text, nullable=False, server_default="") for name in ("user", "route", "purpose")),
    Column("failed", Boolean, nullable=False),
)
"""All that usage is grouped and filtered by, each combination once: entries and their sums name it by a number.
`digest`: of everything else, because PostgreSQL bounds what an index may hold."""

_SUMMED = (
    "entries",
    "priced",
    "unreported",
    "input",
    "cache_read",
    "cache_write",
    "cache_write_1h",
    "output",
    "reasoning",
    "audio_in",
    "audio_out",
    "audio_cache_read",
    "image_in",
    "image_out",
    "web_searches",
    "cost_micros",
    "cost_picos",
    "total_micros",
    "first_events",
    "first_event_micros",
)
usage_sums = Table(
    "usage_sums",
    metadata,
    Column("span", BigInteger, primary_key=True, autoincrement=False),
    Column("begin", BigInteger, primary_key=True, autoincrement=False),
    Column("group_id", Integer, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger, nullable=False) for name in _SUMMED),
    Column("total_latencies", Latencies, nullable=False),
    Column("first_event_latencies", Latencies, nullable=False),
    sqlite_with_rowid=False,
    postgresql_partition_by="LIST (span)",
)
"""The ledger's sums by group and by day, quarter of a day, hour, and first half of an hour (`span` and its `begin` in
microseconds, UTC). Cost in two columns, whole micro-units and the pico-units beside them, so that no sum passes 64
bits."""

spool_progress = Table(
    "spool_progress",
    metadata,
    Column("file", String(255), primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("name", _NAME, primary_key=True),
    Column("value", Json, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("login", _NAME, nullable=False),
    Column("name", _NAME, nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("signed_in_at", BigInteger),
    Column("disabled_at", BigInteger),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("organisation_id", "login"),
)

signin_links = Table(
    "signin_links",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("account_id", _ID),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), index=True),
    Column("by_link", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

signin_attempts = Table(
    "signin_attempts",
    metadata,
    Column("subject", LargeBinary(32), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("since", BigInteger, nullable=False, index=True),
)
"""`subject`: digest of what attempts are counted for, a login, an address, or both."""

service_tokens = Table(
    "service_tokens",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("role", String(20), nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("hint", String(20), nullable=False),
    Column("made_by", _NAME, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("used_at", BigInteger),
)
Index(
    "uq_service_tokens_organisation_id_name",
    service_tokens.c.organisation_id,
    service_tokens.c.name,
    unique=True,
    sqlite_where=text("revoked_at IS NULL"),
    postgresql_where=text("revoked_at IS NULL"),
)

_GIVEN = String(200)
"""An id that a host or a dialect gave out; unique in its project alone."""

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("project_id", _ID, primary_key=True),
    Column("id", _GIVEN, primary_key=True),
    Column("key_id", _ID, nullable=False),
    Column("host", _NAME, nullable=False),
    Column("status", String(20), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("native", Boolean, nullable=False),
    Column("previous_id", _GIVEN),
    Column("conversation_id", _GIVEN),
    Column("background", Boolean, nullable=False),
    Column("input", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("leased_until", BigInteger),
)
"""Answers that clients may come back to. `leased_until`: while it is made in the background; whoever makes it renews
the lease, so that one whose maker died is known by it."""

kept_items = Table(
    "kept_items",
    metadata,
    Column("project_id", _ID, primary_key=True),
    Column("id", _GIVEN, primary_key=True),
    Column("answer_id", _GIVEN, nullable=False),
    Index("ix_kept_items_project_id_answer_id", "project_id", "answer_id"),
)
"""In which answer an item stands that a client names."""

kept_events = Table(
    "kept_events",
    metadata,
    Column("project_id", _ID, primary_key=True),
    Column("answer_id", _GIVEN, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
"""The stream of an answer that is or was made in the background."""

conversations = Table(
    "conversations",
    metadata,
    Column("project_id", _ID, primary_key=True),
    Column("id", _GIVEN, primary_key=True),
    Column("created", BigInteger, nullable=False),
    Column("metadata", LargeBinary, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

conversation_items = Table(
    "conversation_items",
    metadata,
    Column("project_id", _ID, primary_key=True),
    Column("conversation_id", _GIVEN, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", _GIVEN, nullable=False),
    Column("host", _NAME, nullable=False),
    Column("native", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_conversation_items_project_id_id", "project_id", "id"),
)

limits = Table(
    "limits",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("scope", String(20), nullable=False),
    Column("subject", _ID, nullable=False),
    Column("measure", String(20), nullable=False),
    Column("per", String(20), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("models", Json, nullable=False),
    Column("on_hit", String(20), nullable=False),
    Column("route", _NAME, nullable=False),
    Column("unpriced", Boolean, nullable=False),
    Column("owner", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("ix_limits_scope_subject", "scope", "subject"),
)

limit_counters = Table(
    "limit_counters",
    metadata,
    Column("limit_id", _ID, primary_key=True),
    Column("period", BigInteger, primary_key=True, autoincrement=False),
    Column("spent", BigInteger, nullable=False),
    Column("missed_at", BigInteger, nullable=False),
)
"""What the ledger's entries took of a limit in the period whose first date is `period`, counted in the transaction that
stores them. `missed_at`: when somebody last went away for want of what others held."""

limit_leases = Table(
    "limit_leases",
    metadata,
    Column("limit_id", _ID, primary_key=True),
    Column("period", BigInteger, primary_key=True, autoincrement=False),
    Column("holder", _ID, primary_key=True),
    Column("machine", _ID, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("settled", BigInteger, nullable=False),
    Column("turn", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("ix_limit_leases_machine_holder", "machine", "holder"),
)
"""What a worker holds of a limit: `amount` in all, of which `settled` is in the counter already. `turn`: of the
worker's last question, so that an older one that comes late changes nothing."""

limit_slots = Table(
    "limit_slots",
    metadata,
    Column("limit_id", _ID, primary_key=True),
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    Column("used", BigInteger, nullable=False),
)
"""What was granted of a rate in the slot of time that begins at `slot`."""
