from pathlib import Path

import pytest

from counterpoint.control.reconciling.formats import known, read_format, recognised
from counterpoint.i18n.complaint import Complaint


def test_every_known_kind_is_told_apart_by_its_columns() -> None:
    formats = known()
    assert {"openai-usage", "anthropic-usage", "focus", "aws-cur", "azure-cost", "google-billing"} <= set(
        formats
    )
    for each in formats.values():
        assert recognised(frozenset({*each.columns, "another"}), formats) == each
        assert bool(each.counts) != bool(each.meter)
        assert each.source


def test_what_is_not_known_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="--mapping"):
        recognised(frozenset({"a"}), known())
    path = tmp_path / "own.toml"
    path.write_text('name = "own"\ncolumns = []\nday = "d"\nmodel = "m"\ncounts = { input = "i" }\n')
    assert read_format(path).counts == {"input": "i"}
    path.write_text("name = 1")
    with pytest.raises(Complaint, match="does not say"):
        read_format(path)
