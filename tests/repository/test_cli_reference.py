"""docs/cli.md is what the commands say of themselves today."""

from pathlib import Path

from scripts import cli_reference


def test_the_page_is_fresh(repository: Path) -> None:
    written = (repository / "docs/cli.md").read_text("utf-8")
    assert written == cli_reference.page(), "run `python -m scripts.cli_reference`"
