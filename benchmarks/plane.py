"""Counterpoint's gateway worker with a stand-in for its control process: the data plane alone.

`python -m benchmarks.plane PORT UPSTREAM KEY FOLDER` publishes a directory made by hand (one key, one host, priced
offerings) and supervises one worker. The ledger's spool is written and never shipped.
"""

import asyncio
import hashlib
import sys
from pathlib import Path

from benchmarks.traffic import ANTHROPIC_MODEL, OPENAI_MODEL
from counterpoint.app.frames import WorkerSettings
from counterpoint.app.links import WorkerLinks
from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.directory import Directory, Host, Key, Offering
from counterpoint.directory.routes import Project
from counterpoint.directory.values import Price, PriceTier


def directory(upstream: int, key: str) -> Directory:
    """What one project with one provider comes to."""
    price = Price(tiers=(PriceTier(input=150_000, cache_read=75_000, output=600_000, reasoning=600_000),))
    dialects = {
        "mock": {"openai-chat": "/chat/completions"},
        "mock-messages": {"anthropic-messages": "/messages"},
    }
    hosts = {
        name: Host(
            name=name,
            base_url=f"http://127.0.0.1:{upstream}/v1",
            dialects=spoken,
            headers=(("authorization", "Bearer none"),),
        )
        for name, spoken in dialects.items()
    }
    offerings = tuple(
        Offering(host=host, id=name, model=name, price=price, capabilities=frozenset({"chat"}))
        for host, name in (("mock", OPENAI_MODEL), ("mock-messages", ANTHROPIC_MODEL))
    )
    record = Key(id="key", name="benchmark", project="project", organisation="organisation")
    return Directory(
        revision=1,
        keys={hashlib.sha256(key.encode()).digest(): record},
        projects={"project": Project("project", "project")},
        hosts=hosts,
        offerings=offerings,
    )


async def _no_key(_: bytes) -> Key | None:
    return None


async def _no_model(model: str) -> Path:
    raise Refused(Failure(FailureKind.not_found, f"there is no local model {model}", code="no_model"))


async def supervise(port: int, upstream: int, key: str, folder: Path) -> int:
    """Run one worker until it ends."""
    settings = WorkerSettings(host="127.0.0.1", port=port, spool=str(folder / "spool"))
    links = WorkerLinks(settings, _no_key, _no_model)
    path = folder / "link"
    await links.listen(path)
    links.publish(directory(upstream, key))
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "counterpoint.app.worker", str(path), "bench"
    )
    return await worker.wait()


if __name__ == "__main__":
    place = Path(sys.argv[4])
    place.mkdir()
    sys.exit(asyncio.run(supervise(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], place)))
