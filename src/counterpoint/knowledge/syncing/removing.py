"""What is gone is taken out of the index and the contents, and its rows end. Nobody has seen it any more since its
readers were taken away, which was first."""

from collections.abc import Collection

from counterpoint.knowledge.syncing.means import Held, Means, claimed
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage import secrets

BATCH = 100
OWNER_KIND = "source"
"""Of a source's secret in the vault."""


def remove_some(means: Means, held: Held, most: int = BATCH) -> int:
    """How many documents were there to remove."""
    rows, owners = claimed(means, held, "remove", most)
    if not rows:
        return 0
    with held.documents([row.id for row in rows]):
        by_organisation: dict[str, list[str]] = {}
        for row in rows:
            by_organisation.setdefault(owners[row.source_id].organisation_id, []).append(row.id)
        for organisation_id, ids in by_organisation.items():
            means.index(organisation_id).remove(ids)
        for row in rows:
            means.contents.forget(row.id)
        with means.database.write() as connection:
            documents.remove(connection, held.holder, [row.id for row in rows])
    return len(rows)


def remove_sources(means: Means) -> int:
    """Sources that are going and have no documents left. How many."""
    with means.database.read() as connection:
        if not any(row.removing for row in sources.listed(connection)):
            return 0
    with means.database.write() as connection:
        ids = sources.remove_emptied(connection)
        for id_ in ids:
            secrets.drop(connection, OWNER_KIND, id_)
    return len(ids)


def sweep(means: Means) -> int:
    """Bytes that no document refers to. How many files."""

    def in_use(versions: Collection[str]) -> set[str]:
        with means.database.read() as connection:
            return documents.versions_in_use(connection, versions)

    return means.contents.sweep(in_use)
