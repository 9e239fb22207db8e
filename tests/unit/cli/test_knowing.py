from pathlib import Path

import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.presence import Presence
from counterpoint.app.settings import Settings
from counterpoint.cli.knowing import asker_of, gateway_of
from counterpoint.i18n.complaint import Complaint


def test_where_a_gateway_is_and_as_whom_is_asked(tmp_path: Path) -> None:
    with open_control(Settings(data=tmp_path)) as control:
        assert not gateway_of(control)
        here = Presence(control.database, ("gateway",))
        here.says(gateway="http://127.0.0.1:9")
        here.sign()
        assert gateway_of(control) == "http://127.0.0.1:9"
        ada = control.accounts.create(login="ada", name="Ada", role="user", actor="owner")
        assert f"user:{ada.id}" in asker_of(control, "ADA").principals
        assert len(asker_of(control, None).principals) == 1
        with pytest.raises(Complaint, match="no account"):
            asker_of(control, "nobody")
