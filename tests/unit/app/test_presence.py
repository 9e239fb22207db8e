"""Every process knows who else works on its database."""

from counterpoint.app.presence import Presence
from counterpoint.storage.database import Database


def test_a_gateway_is_found_by_others_until_it_leaves(database: Database) -> None:
    gateway, studio = Presence(database, ("gateway",)), Presence(database, ("studio",))
    gateway.sign()
    studio.sign()
    assert studio.gateway() == ""
    gateway.says(gateway="http://there:1")
    gateway.sign()
    studio.sign()
    assert studio.gateway() == "http://there:1"
    assert [row.id for row in studio.living] == [gateway.row.id, studio.row.id]
    gateway.leave()
    studio.sign()
    assert studio.gateway() == ""
