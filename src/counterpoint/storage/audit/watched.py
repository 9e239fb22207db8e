"""Which tables hold what people administer: each change of these is in the audit log, whoever makes it.

A new table stands here or in `UNWATCHED`; a test asks for it.
"""

from collections.abc import Mapping

import msgspec


class Watched(msgspec.Struct, frozen=True):
    """How rows of a table are told. `what`: the word for one; `name`: the column with its name; `id`: the column by
    which it is known to others. `identity`: what makes a row the same before and after, if not its key. `upkeep`:
    columns whose change is nobody's act; `secret`: those that are told to have changed, never what they are (bytes
    never are). `lasts`: the column with its end, after which its removal is nobody's act."""

    what: str
    name: str = "name"
    id: str = "id"
    identity: tuple[str, ...] = ()
    upkeep: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    lasts: str = ""


WATCHED: Mapping[str, Watched] = {
    "organisations": Watched("organisation"),
    "projects": Watched("project", upkeep=("revision",)),
    "keys": Watched("key", upkeep=("revision",)),
    "key_digests": Watched("key_secret", name="hint", id="key_id"),
    "secrets": Watched("secret", id="owner_id", upkeep=("id", "master_key_id")),
    "providers": Watched(
        "provider", upkeep=("found_models", "found_at", "updated_at", "revision"), secret=("secret",)
    ),
    "rules": Watched(
        "rule", name="pattern", identity=("organisation_id", "kind", "owner", "position"), upkeep=("id",)
    ),
    "routes": Watched("route", upkeep=("updated_at", "revision")),
    "limits": Watched("limit", name="subject", upkeep=("updated_at", "revision")),
    "raises": Watched("raise", name="asked_by", upkeep=("revision",)),
    "contract_prices": Watched(
        "price", name="offering", identity=("organisation_id", "owner", "position"), upkeep=("id",)
    ),
    "currency_rates": Watched("rate", name="currency", id="currency"),
    "accounts": Watched(
        "account", name="login", upkeep=("signed_in_at", "revision"), secret=("password_hash",)
    ),
    "signin_links": Watched("signin_link", name="account_id", id="account_id", lasts="expires_at"),
    "sessions": Watched(
        "session", name="account_id", id="account_id", upkeep=("used_at",), lasts="expires_at"
    ),
    "service_tokens": Watched("token", upkeep=("used_at",)),
    "groups": Watched("group", upkeep=("revision",)),
    "group_members": Watched("membership", name="account_id", id="group_id"),
    "sources": Watched("source", upkeep=("content", "rights", "updated_at", "revision")),
    "settings": Watched("setting", id="name"),
}

COUNTERS = ("revision", "rules_revision", "prices_revision")
"""Settings that count changes which are in the log themselves."""

UNWATCHED: Mapping[str, str] = {
    "ledger_entries": "what was used; no row of it is ever changed",
    "usage_groups": "sums of the ledger",
    "usage_sums": "sums of the ledger",
    "spool_progress": "how far the ledger was shipped",
    "signin_attempts": "counts of failed attempts, each of which is an entry of the log",
    "kept_answers": "of clients",
    "kept_items": "of clients",
    "kept_events": "of clients",
    "conversations": "of clients",
    "conversation_items": "of clients",
    "shelf_files": "of clients",
    "shelf_contents": "of clients",
    "shelf_batches": "of clients",
    "shelf_results": "of clients",
    "limit_counters": "sums of the ledger",
    "limit_leases": "what workers hold of limits",
    "limit_slots": "sums of calls",
    "budget_events": "what the ledger led to",
    "outbox": "messages on their way",
    "documents": "what sources hold, as their syncs find it",
    "document_readers": "who may see what, as sources say; whom people name stands at the source",
    "receipts": "of answers; no row of it is ever changed",
    "processes": "who runs",
    "claims": "who does what alone",
    "audit_entries": "the log itself",
    "audit_heads": "the log itself",
}
"""Why each of the others is not."""
