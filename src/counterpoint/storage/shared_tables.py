"""Tables of what processes on several machines share beside the platform's own rows: who runs, who does what alone,
and the files and batches of clients."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from counterpoint.storage.tables import metadata
from counterpoint.storage.types import Json

_ID = String(36)
_NAME = String(200)

processes = Table(
    "processes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("roles", Json, nullable=False),
    Column("host", _NAME, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", _NAME, nullable=False),
    Column("schema", _NAME, nullable=False),
    Column("addresses", Json, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False, index=True),
)
"""Every process that works on this database. `addresses`: URLs by what answers there. `schema`: the newest migration
that it knows. `seen_at`: its last sign of life, by the database's clock."""

claims = Table(
    "claims",
    metadata,
    Column("name", _NAME, primary_key=True),
    Column("holder", _ID, nullable=False),
    Column("until", BigInteger, nullable=False),
)
"""What one process does alone, until a moment by the database's clock; then anybody may take it."""

shelf_files = Table(
    "shelf_files",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project", _ID, nullable=False, index=True),
    Column("style", _NAME, nullable=False),
    Column("expires", BigInteger, index=True),
    Column("body", LargeBinary, nullable=False),
)
"""Files that clients stored. `body`: a `StoredFile` as JSON."""

shelf_contents = Table(
    "shelf_contents",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("piece", LargeBinary, nullable=False),
)
"""What is in files, and the lines of batches, in pieces."""

shelf_batches = Table(
    "shelf_batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project", _ID, nullable=False, index=True),
    Column("style", _NAME, nullable=False),
    Column("open", Integer, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
)
"""`open`: 1 as long as we have to work it off. `body`: a `Batch` as JSON."""

shelf_results = Table(
    "shelf_results",
    metadata,
    Column("batch", Text, primary_key=True),
    Column("line", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""What came of each line, once. `body`: a `Result` as JSON."""
