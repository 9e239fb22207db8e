from typing import get_args

import pytest

from counterpoint.cli.exits import OF_KIND, explain
from counterpoint.i18n.complaint import Complaint, ComplaintKind


def test_every_kind_of_complaint_has_a_code() -> None:
    assert set(OF_KIND) == set(get_args(ComplaintKind))
    assert 0 not in OF_KIND.values()


def test_a_complaint_is_told_in_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(Complaint("control.keys.not_found", kind="not_found", name="ci")) == 3
    assert capsys.readouterr().err.startswith("Error: There is no key named 'ci'")


def test_a_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(FileNotFoundError(2, "No such file or directory", "/x/y")) == 5
    assert capsys.readouterr().err == "Error: /x/y: No such file or directory\n"
