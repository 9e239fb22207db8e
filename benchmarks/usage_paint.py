"""How long the usage page takes to show itself, and then its data, to somebody who signed in before."""

import statistics
from pathlib import Path

from tests.browser.pages import chromium, sign_in, visitor

_SHOWN = """() => document.querySelector('main table, main [role=table]') !== null
    && document.querySelector('main svg, main canvas') !== null
    && document.querySelector('[aria-busy=true]') === null"""
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def paint(program: Path, address: str, times: int) -> dict[str, float]:
    """Milliseconds since the navigation began, each time in a browser window that has nothing in its cache."""
    painted: list[float] = []
    shown: list[float] = []
    with chromium(program) as browser:
        with visitor(browser) as page:
            sign_in(page, address)
            state = page.context.storage_state()
        for _ in range(times):
            with visitor(browser, storage_state=state) as page:
                page.goto(f"{address}/usage", wait_until="commit")
                page.wait_for_function(_SHOWN, polling="raf")
                shown.append(page.evaluate("performance.now()"))
                painted.append(page.evaluate(_PAINTED))
    found: dict[str, float] = {}
    for name, values in (("first_paint", painted), ("data", shown)):
        found[f"{name}_p50"] = round(statistics.median(values))
        found[f"{name}_p95"] = round(statistics.quantiles(values, n=20)[-1])
    return found
