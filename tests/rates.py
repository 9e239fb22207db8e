"""Whether rates hold by the clock on the wall: `python -m tests.rates [SECONDS]`.

Four gateways over one PostgreSQL, callers who want several times what they may have, and a host that notes when it is
paid. Prints the most that any minute had, of what was allowed, and what each minute had from the first call on.
`tests/unit/gateway/test_purse.py` proves the same on a clock of its own, for `make test`.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fleet import INPUT, OUTPUT, Fleet, Host, fleet, hammer

REQUESTS = 600
TOKENS = 42_000
MINUTE = 60.0
CALLERS = 40
LIMITS = {
    "requests": f'[[limits]]\nmeasure = "requests"\nper = "minute"\namount = {REQUESTS}\n',
    "tokens": f'[[limits]]\nmeasure = "tokens"\nper = "minute"\namount = {TOKENS}\n',
}


def windows(moments: list[float], step: float = 0.25) -> list[int]:
    """How many lie in each minute that is whole, at every quarter of a second."""
    begin, found = moments[0], []
    while begin + MINUTE <= moments[-1]:
        found.append(sum(1 for moment in moments if begin <= moment < begin + MINUTE))
        begin += step
    return found


def measure(name: str, seconds: float) -> str:
    """One line."""
    host = Host()
    each, allowed = (1, REQUESTS) if name == "requests" else (INPUT + OUTPUT, TOKENS)

    async def play(standing: Fleet) -> Counter[int]:
        async with host.serving():
            answers = await hammer(standing.gateways, CALLERS, seconds, pause=0.05)
            return Counter(said.status for said in answers)

    with tempfile.TemporaryDirectory() as folder, fleet(Path(folder), host.port, LIMITS[name], 4) as standing:
        found = asyncio.run(play(standing))
    most = max(windows(host.paid)) * each / allowed
    shares = [windows(host.paid, MINUTE)[number] * each / allowed for number in range(int(seconds // MINUTE))]
    told = ", ".join(f"{share:.2%}" for share in shares)
    return f"{name}: {allowed} a minute; no minute had more than {most:.2%}; from the first call on: {told}; {found}"


if __name__ == "__main__":
    for word in LIMITS:
        print(measure(word, float(sys.argv[1]) if len(sys.argv) > 1 else 130.0), flush=True)
