"""The page about who changed what: a key that is made is an act, seen in full; the log is checked and taken out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from counterpoint.control.audit import verify_file
from tests.browser.conftest import PROGRAM
from tests.running import Running, running

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def studio(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Without models: nothing is asked of any."""
    folder = tmp_path_factory.mktemp("audit")
    file = folder / "counterpoint.toml"
    file.write_text('[models]\npull = []\n[audit]\nanchor = "anchors"\n')
    with running([PROGRAM], folder / "data", "--config", str(file)) as started:
        yield started


def make_key(page: Page, studio: Running, name: str) -> None:
    page.goto(studio.studio + "/keys")
    page.get_by_role("button", name="New key").first.click()
    dialog = page.get_by_role("dialog", name="New key")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("dialog").get_by_role("button", name="Done").click()


def test_an_act_is_found_and_seen_in_full_without_its_secret(studio: Running, page: Page) -> None:
    make_key(page, studio, "ci-bot")
    page.get_by_role("link", name="Audit").click()
    page.get_by_role("heading", name="Audit", level=1).wait_for()
    page.get_by_label("Find by kind, id or name").fill("ci-bot")
    row = page.get_by_role("row").filter(has_text="ci-bot")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Made: key")
    expect(row).to_contain_text("POST /api/v1/keys")
    row.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("A person")
    key = drawer.get_by_role("region", name="Made: key ci-bot")
    expect(key.get_by_role("row").filter(has_text="name")).to_contain_text("ci-bot")
    secret = drawer.get_by_role("region", name="Made: secret of a key")
    expect(secret.get_by_role("row").filter(has_text="digest")).to_contain_text("•••")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_kinds_of_actors_are_told_apart(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/audit")
    page.get_by_role("combobox", name="Kind of actor").click()
    page.get_by_role("option", name="The platform").click()
    expect(page.get_by_role("row").filter(has_text="organisation")).to_contain_text("The platform")
    page.get_by_role("combobox", name="Outcome").click()
    page.get_by_role("option", name="Refused").click()
    page.get_by_text("No act fits").wait_for()


def test_the_log_is_checked_and_taken_out(studio: Running, page: Page, tmp_path: Path) -> None:
    page.goto(studio.studio + "/audit")
    page.get_by_role("button", name="Check the log").click()
    expect(page.get_by_role("status").filter(has_text="The log is whole")).to_contain_text("anchors found")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    file = tmp_path / "audit.jsonl"
    download.value.save_as(file)
    with file.open("rb") as lines:
        verdict = verify_file(lines, studio.data.parent / "anchors")
    assert (
        verdict.broken is None or verdict.broken.fault == "cut"
    )  # the download itself is an act, after its end
    assert verdict.entries > 3


@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_and_everybody_can_use_it(studio: Running, page: Page, axe: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(studio.studio + "/audit")
    page.get_by_role("row").nth(1).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [violation["id"] for violation in found["violations"]] == []
