"""The reference of the admin API says what the admin API says."""

from pathlib import Path

from scripts import api_reference


def test_the_page_is_up_to_date(repository: Path) -> None:
    written = (repository / "docs" / "admin-api.md").read_text("utf-8")
    assert written == api_reference.page(), "run `python -m scripts.api_reference`"


def test_the_studio_is_built_for_this_api(repository: Path) -> None:
    written = (repository / "studio" / "openapi.json").read_text("utf-8")
    hint = "run `python -m scripts.api_reference`, then `npm run generate:api` in studio/"
    assert written == api_reference.description_text(), hint
