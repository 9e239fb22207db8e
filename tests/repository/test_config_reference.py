"""docs/configuration-reference.md is what the schema of counterpoint.toml says today."""

from pathlib import Path

from scripts import config_reference


def test_the_page_is_fresh(repository: Path) -> None:
    written = (repository / "docs/configuration-reference.md").read_text("utf-8")
    assert written == config_reference.page(), "run `python -m scripts.config_reference`"


def test_a_docstring_explains_settings_by_name() -> None:
    intro, meanings = config_reference.explained(
        "One host. `name`, `id`: what it is called. `base_url`: where `name` is; `key_*`: what opens it."
    )
    assert intro == "One host."
    assert meanings == {
        "name": "what it is called",
        "id": "what it is called",
        "base_url": "where `name` is",
        "key_*": "what opens it",
    }
