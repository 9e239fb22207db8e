from counterpoint.storage import organisations, servicetokens
from counterpoint.storage.database import Database


def test_only_what_is_neither_revoked_nor_expired_is_valid(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "o").id

        def add(name: str, expires_at: int | None) -> servicetokens.TokenRow:
            return servicetokens.add(
                connection,
                organisation_id=organisation,
                name=name,
                role="user",
                digest=name.encode() * 32,
                hint="h",
                made_by="ada",
                expires_at=expires_at,
            )

        lasting, ending = add("a", None), add("b", 100)

        def valid(name: str, now: int) -> bool:
            return servicetokens.valid(connection, organisation, name.encode() * 32, now) is not None

        assert (valid("a", 200), valid("b", 99), valid("b", 100), valid("c", 1)) == (True, True, False, False)
        servicetokens.change(connection, lasting.id, revoked_at=5)
        assert not valid("a", 200)
        assert servicetokens.by_name(connection, organisation, "a") is None
        assert servicetokens.by_id(connection, "elsewhere", ending.id) is None
        listed = servicetokens.page(
            connection, organisation_id=organisation, include_revoked=True, before=None, limit=5
        )
        assert [row.name for row in listed] == ["b", "a"]
