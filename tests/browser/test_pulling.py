"""A model is pulled while somebody looks on, closes the page, and comes back."""

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PROGRAM
from tests.browser.pages import first_start, visitor
from tests.engines import small_gguf
from tests.running import Running, running
from tests.serving_files import FileHost, Reply, file_host

pytestmark = pytest.mark.timeout(900)
CONTENT = small_gguf() + bytes(8_000_000)
SHA = hashlib.sha256(CONTENT).hexdigest()
NAME = "hf:org/repo/tiny.gguf"
SLOW = 60_000


@pytest.fixture(scope="module")
def hub() -> Iterator[FileHost]:
    with file_host() as host:
        yield host


@pytest.fixture(scope="module")
def platform(built: Path, hub: FileHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    environment = {**os.environ, "HF_ENDPOINT": hub.url}
    with running([PROGRAM], tmp_path_factory.mktemp("pull") / "data", environment=environment) as started:
        yield started


@pytest.fixture
def page(platform: Running, browser: Browser) -> Iterator[Page]:
    with visitor(browser) as page:
        first_start(page, platform.sign_in)
        yield page


def test_a_pull_shows_how_far_it_is_also_to_who_comes_back(
    platform: Running, hub: FileHost, page: Page
) -> None:
    gate = threading.Event()
    headers = (("X-Linked-Etag", f'"{SHA}"'), ("X-Linked-Size", str(len(CONTENT))), ("ETag", f'"{SHA}"'))
    for revision in ("main", "c" * 40):
        hub.replies[f"/org/repo/resolve/{revision}/tiny.gguf"] = Reply(
            CONTENT, headers=(*headers, ("X-Repo-Commit", "c" * 40)), gate=gate
        )
    try:
        page.goto(f"{platform.studio}/models?tab=local")
        page.get_by_role("button", name="Pull a model").first.click()
        page.get_by_label("Where it is").fill(NAME)
        page.get_by_role("dialog").get_by_role("button", name="Pull", exact=True).last.click()
        row = page.locator(".download", has_text=NAME)
        far = re.compile(r"Downloading · [1-4](\.\d)? MB of 8 MB")
        expect(row).to_contain_text(far, timeout=SLOW)
        page.reload()
        expect(row).to_contain_text(far, timeout=SLOW)
        expect(row.get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile("^50$"))
    finally:
        gate.set()
    expect(row).to_contain_text("Done", timeout=SLOW)
    expect(page.locator("main table")).to_contain_text("tiny")
