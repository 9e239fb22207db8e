"""Tables of what a company knows: groups of people, sources of documents, how far each document is, who may see it,
and the receipts of answers. What documents say lies elsewhere (`knowledge.contents`), passages in an index."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from counterpoint.storage.tables import metadata
from counterpoint.storage.types import Json

_ID = String(36)
_NAME = String(200)
_WORD = String(40)
MEDIA_TYPE: Final = 255
"""Characters of a media type: two names of 127 and what is between them (RFC 6838, 4.2)."""

groups = Table(
    "groups",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("organisation_id", "name"),
)
"""Of people, to hold rights."""

group_members = Table(
    "group_members",
    metadata,
    Column("group_id", _ID, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True),
)

sources = Table(
    "sources",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("kind", _WORD, nullable=False),
    Column("settings", Json, nullable=False),
    Column("secret", _ID),
    Column("readers", Json, nullable=False),
    Column("content_every", Integer, nullable=False),
    Column("rights_every", Integer, nullable=False),
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("content", Json, nullable=False),
    Column("rights", Json, nullable=False),
    Column("removing", Boolean, nullable=False, server_default=false()),
    Column("owner", String(20), nullable=False, server_default="studio"),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("organisation_id", "name"),
)
"""`kind`: `folder`, `upload`, `web`, `bucket`, `git`, `feed`. `settings`: of that kind. `secret`: a row of `secrets`.
`readers`: principals that may see what the source itself reports no rights for; empty: nobody. `content_every`,
`rights_every`: seconds between two syncs, 0: when asked only. `content`, `rights`: a `knowledge.syncing.state.Sync`
each: when it was last done, how it went, how far the one under way is."""

documents = Table(
    "documents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("source_id", _ID, ForeignKey("sources.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("media_type", String(MEDIA_TYPE), nullable=False, server_default=""),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("mark", Text, nullable=False, server_default=""),
    Column("version", String(64), nullable=False, server_default=""),
    Column("state", _WORD, nullable=False),
    Column("reason", _NAME, nullable=False, server_default=""),
    Column("values", Json),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("begun", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False, server_default="0"),
    Column("holder", _ID),
    Column("until", BigInteger),
    Column("rights", Integer, nullable=False, server_default="0"),
    Column("told", Integer, nullable=False, server_default="0"),
    Column("unruled", BigInteger, nullable=False, server_default="0"),
    Column("indexed", String(64), nullable=False, server_default=""),
    Column("embedded", Boolean, nullable=False, server_default=false()),
    Column("language", _WORD, nullable=False, server_default=""),
    Column("pages", Integer, nullable=False, server_default="0"),
    Column("passages", Integer, nullable=False, server_default="0"),
    Column("modified_at", BigInteger),
    Column("seen_at", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("source_id", "path"),
    Index("ix_documents_state_next_at", "state", "next_at"),
)
"""`path`: by which its source knows it, no longer than an index takes (`knowledge.sources.paths`). `mark`: by which
the source tells that it changed (a time, an etag). `version`: of the content as of `mark`, the SHA-256 of its bytes,
empty until it is fetched; `indexed`: that which is found now.
`rights` counts changes of its readers, `told` is that of which the index has heard. `unruled`: since when it has a new
content of which the source has not said yet who may see it, which is not read until then; 0: it has; below 0: it
lets more see it than may see what is still found, and is asked again when the new content is. `state`:
`waiting`, `reading`, `ready`, `skipped` (`reason` is right and final for this version), `failed` (tried again at
`next_at`), `gone`.
`reason`: an i18n id, with its `values`. `begun`: how often in a row reading it began and nothing came, not even an
error: whoever read it died. `holder`, `until`: who works on it, by the database's clock. `embedded`:
whether it is found by meaning, too."""

document_readers = Table(
    "document_readers",
    metadata,
    Column("document_id", _ID, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("principal", _NAME, primary_key=True),
    Index("ix_document_readers_principal", "principal"),
)
"""Who may see a document, as of the last sync of rights: what holds in the next question."""

receipts = Table(
    "receipts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("organisation_id", _ID, ForeignKey("organisations.id"), nullable=False),
    Column("account_id", _ID, nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("withheld", Json, nullable=False),
)
"""Of answers. `body`: a `knowledge.answers.receipt.Receipt`. `withheld`: passages that would have been found but for
the asker's rights, for auditors alone."""
