from datetime import UTC, datetime

from counterpoint.api.shapes.accounts import account_shape, token_shape
from counterpoint.storage.accounts import AccountRow
from counterpoint.storage.servicetokens import TokenRow


def test_states_and_no_secrets() -> None:
    row = AccountRow(
        id="1",
        organisation_id="o",
        login="ada",
        name="Ada",
        role="user",
        password_hash=None,
        created_at=0,
        signed_in_at=None,
        disabled_at=None,
        revision=1,
    )
    assert account_shape(row).state == "invited"
    assert not hasattr(account_shape(row), "password_hash")
    token = TokenRow(
        id="1",
        organisation_id="o",
        name="ci",
        role="user",
        hint="cpt-",
        made_by="ada",
        created_at=0,
        expires_at=10,
        revoked_at=None,
        used_at=None,
    )
    assert token_shape(token).state == "expired"
    assert token_shape(token, datetime(1970, 1, 1, tzinfo=UTC)).state == "active"
