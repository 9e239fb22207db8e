"""Directories follow what changes, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from counterpoint.app.publishing import Publisher, local_offerings
from counterpoint.control.beginning import begin
from counterpoint.control.keys import Keys
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.publish import build_directory
from counterpoint.control.vault import Vault
from counterpoint.directory import Directory, Offering, Weights
from counterpoint.directory.keytext import digest_of
from counterpoint.engines.manifest import MANIFEST, Manifest, encode_manifest
from counterpoint.storage.database import Database
from tests.unit.serving.talk import until

Talk = Callable[[Publisher, Keys, list[Directory]], Awaitable[None]]


def publishing(
    database: Database, tmp_path: Path, talk: Talk, news: Callable[[], object] = lambda: None
) -> None:
    vault = Vault([new_master_key()])
    beginning = begin(database, vault)
    published: list[Directory] = []

    def build() -> Directory:
        organisation = beginning.organisation_id
        return build_directory(database, organisation, offerings=local_offerings(tmp_path))

    publisher = Publisher(database, tmp_path, build, published.append, news)
    keys = Keys(database, beginning.organisation_id, vault)
    asyncio.run(_talk(talk, publisher, keys, published))


async def _talk(talk: Talk, publisher: Publisher, keys: Keys, published: list[Directory]) -> None:
    async with asyncio.timeout(30):
        await talk(publisher, keys, published)


def test_a_new_key_and_a_revoked_one_are_published(database: Database, tmp_path: Path) -> None:
    async def talk(publisher: Publisher, keys: Keys, published: list[Directory]) -> None:
        await publisher.refresh()
        await publisher.refresh()
        assert len(published) == 1
        made = keys.create("mine")
        await publisher.refresh()
        assert digest_of(made.text) in published[-1].keys
        keys.revoke("mine")
        await publisher.refresh()
        assert digest_of(made.text) not in published[-1].keys

    publishing(database, tmp_path, talk)


def test_a_key_is_found_at_once_by_whoever_asks_for_it(database: Database, tmp_path: Path) -> None:
    async def talk(publisher: Publisher, keys: Keys, published: list[Directory]) -> None:
        made = keys.create("mine")
        found = await publisher.look_up(digest_of(made.text))
        assert found is not None
        assert found.name == "mine"
        assert await publisher.look_up(b"unknown") is None
        assert len(published) == 1

    publishing(database, tmp_path, talk)


def test_a_key_is_found_that_is_made_right_after_a_look_for_another(
    database: Database, tmp_path: Path
) -> None:
    async def talk(publisher: Publisher, keys: Keys, published: list[Directory]) -> None:
        for name in ("first", "second", "third"):
            assert await publisher.look_up(b"unknown") is None
            found = await publisher.look_up(digest_of(keys.create(name).text))
            assert found is not None
            assert found.name == name
        assert len(published) == 4

    publishing(database, tmp_path, talk)


def test_many_guesses_share_a_look(database: Database, tmp_path: Path) -> None:
    looks: list[None] = []

    async def talk(publisher: Publisher, keys: Keys, published: list[Directory]) -> None:
        await asyncio.gather(*(publisher.look_up(bytes([guess])) for guess in range(200)))
        assert len(looks) <= 2, "one that is under way may have begun too early for some"

    publishing(database, tmp_path, talk, lambda: looks.append(None))


def test_changes_are_noticed_without_being_told(database: Database, tmp_path: Path) -> None:
    async def talk(publisher: Publisher, keys: Keys, published: list[Directory]) -> None:
        await publisher.refresh()
        watching = asyncio.create_task(publisher.watch())
        made = keys.create("mine")
        await until(lambda: digest_of(made.text) in publisher.directory.keys)
        watching.cancel()

    publishing(database, tmp_path, talk)


def test_a_pulled_model_is_offered_for_what_it_is(database: Database, tmp_path: Path) -> None:
    async def talk(publisher: Publisher, keys: Keys, published: list[Directory]) -> None:
        await publisher.refresh()
        assert not published[-1].offerings
        manifest = Manifest(
            "tiny", "chat", "gguf", "m.gguf", "0" * 64, 5, display="tiny (demo)", context=99,
            pulled_at="2026-11-21T10:00:00Z", architecture="llama", parameters=7, quantisation="Q8_0",
        )  # fmt: skip
        (tmp_path / "tiny").mkdir()
        (tmp_path / "tiny" / MANIFEST).write_bytes(encode_manifest(manifest))
        await publisher.refresh()
        (offering,) = published[-1].offerings
        assert isinstance(offering, Offering)
        assert (offering.name, offering.display, offering.context) == ("local/tiny", "tiny (demo)", 99)
        assert "chat" in offering.capabilities
        assert offering.price is not None
        assert offering.created > 1_700_000_000
        assert offering.weights == Weights(5, "0" * 64, "gguf", "llama", 7, "Q8_0")

    publishing(database, tmp_path, talk)
