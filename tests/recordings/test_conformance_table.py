"""The published table says what is so today."""

from pathlib import Path

from counterpoint.dialects.registry import CHAT, EMBED, RERANK
from scripts.conformance_table import PAGE, RECORDINGS, fingerprint, judge, page


def test_the_committed_page_is_fresh(shared: Path) -> None:
    folder = shared / RECORDINGS
    written = PAGE.read_text("utf-8")
    now = page(folder, *judge(folder))
    if fingerprint(folder) in written:
        assert now == written, "run `python -m scripts.conformance_table`"
    else:  # other recordings than those that the page is about
        assert "**fails**" not in now


def test_it_names_every_dialect_and_no_failure() -> None:
    written = PAGE.read_text("utf-8")
    assert all(f"| `{name}` |" in written for name in (*CHAT, *EMBED, *RERANK))
    assert "**fails**" not in written
