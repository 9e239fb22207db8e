"""`make screenshots`: every page as it looks after a little use, in both lights, wide and narrow, into docs/images."""

import sys
import tempfile
from pathlib import Path

from scripts.components import COMPONENTS
from tests.browser.pages import PAGES, chromium, first_start, settled
from tests.running import Running, running

IMAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
QUESTIONS = ("Say hello in five words.", "What is a counterpoint in music?", "Name three rivers.")
SIZES = {"": (1440, 900), "-narrow": (390, 844)}


def photograph(studio: Running, program: Path) -> None:
    """All of them."""
    with chromium(program) as browser:
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        page.goto(studio.studio + "/")
        page.locator("input[name=login]").wait_for()
        page.screenshot(path=IMAGES / "studio-sign-in.png")
        first_start(page, studio.sign_in)
        for question in QUESTIONS:
            body = {"model": studio.models[-1], "messages": [{"role": "user", "content": question}]}
            studio.call("/v1/chat/completions", {**body, "max_tokens": 60})
        state = context.storage_state()
        context.close()
        for scheme in ("light", "dark"):
            for suffix, (width, height) in SIZES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    locale="en-GB",
                    color_scheme="dark" if scheme == "dark" else "light",
                    storage_state=state,
                )
                page = context.new_page()
                for name, path in PAGES.items():
                    page.goto(studio.studio + path)
                    settled(page)
                    if name == "playground":
                        page.get_by_label("Ask the model…").fill(QUESTIONS[1])
                        page.keyboard.press("Enter")
                        page.get_by_text("First token").wait_for(timeout=120_000)
                        page.get_by_role("button", name="Send").wait_for(timeout=120_000)
                    page.screenshot(path=IMAGES / f"studio-{name}-{scheme}{suffix}.png")
                context.close()


def main() -> None:
    """Starts a platform of its own."""
    program = COMPONENTS["chromium"].path()
    if program is None:
        sys.exit(COMPONENTS["chromium"].lack())
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running([Path(sys.executable).with_name("counterpoint")], Path(folder) / "data") as studio,
    ):
        photograph(studio, program)


if __name__ == "__main__":
    main()
