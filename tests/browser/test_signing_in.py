"""From the link that the first start prints to an account, and every way of not getting in."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import PASSWORD, first_start, sign_in, visitor
from tests.running import Running

pytestmark = pytest.mark.timeout(900)


def test_the_first_start_from_its_link_to_a_password(studio: Running, browser: Browser) -> None:
    """One story: each step needs the one before."""
    with visitor(browser) as page:
        page.goto(studio.studio + "/")
        expect(page.get_by_role("heading", name="Open your sign-in link", level=1)).to_be_visible()
        first_start(page, studio.sign_in)
        cookie = next(each for each in page.context.cookies() if each["name"] == "counterpoint_session")
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
        page.reload()
        expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()

    with visitor(browser) as page:
        page.goto(studio.sign_in)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="This link does not work any more", level=1)).to_be_visible()

    with visitor(browser) as page:
        page.goto(studio.studio + "/keys")
        page.locator("input[name=login]").fill("ada")
        page.locator("input[name=password]").fill("not the password at all")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("input[name=password]")).to_be_focused()
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Keys", level=1)).to_be_visible()

    with visitor(browser) as page:
        sign_in(page, studio.studio + "/")
        page.get_by_role("button", name="Account").click()
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
        page.goto(studio.studio + "/usage")
        expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
