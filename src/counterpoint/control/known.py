"""Which hosts and makers conditions can mean: what the catalogue knows, whether anybody offers it now or not, and the
providers by the names that the operator gave them."""

import msgspec
from sqlalchemy import Connection

from counterpoint.catalog.catalog import Catalog
from counterpoint.directory.values import LOCAL_HOST
from counterpoint.storage import providers


class Known(msgspec.Struct, frozen=True):
    """Names."""

    makers: frozenset[str]
    hosts: frozenset[str]


def known_names(connection: Connection, organisation_id: str, catalog: Catalog) -> Known:
    """At this moment."""
    named = (row.name for row in providers.listed(connection, organisation_id))
    return Known(frozenset(catalog.makers), frozenset((*catalog.hosts, LOCAL_HOST, *named)))
