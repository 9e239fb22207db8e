"""The published table says what is so today."""

from pathlib import Path

import pytest

from counterpoint.dialects.registry import CHAT, EMBED, RERANK
from scripts.conformance_table import PAGE, RECORDINGS, fingerprint, judge, page


def test_the_committed_page_is_fresh(shared: Path) -> None:
    folder = shared / RECORDINGS
    written = PAGE.read_text("utf-8")
    if fingerprint(folder) not in written:
        pytest.skip("these are other recordings than those that the page is about")
    assert page(folder, *judge(folder)) == written, "run `python -m scripts.conformance_table`"


def test_it_names_every_dialect_and_no_failure() -> None:
    written = PAGE.read_text("utf-8")
    assert all(f"| `{name}` |" in written for name in (*CHAT, *EMBED, *RERANK))
    assert "**fails**" not in written
