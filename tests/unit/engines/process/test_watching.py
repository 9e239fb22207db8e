import asyncio

from counterpoint.canonical import Failure
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.process.settings import Settings
from counterpoint.engines.process.watching import occupied, too_large, watch

MODEL = Manifest("m", "chat", "gguf", "f", "", size=100 << 20, context=8192, kv_bytes=1 << 15)


def test_a_model_that_cannot_fit_is_known_before_it_is_loaded() -> None:
    assert too_large(MODEL, Settings()) is None
    assert too_large(MODEL, Settings(memory_limit=4 << 30)) is None
    failure = too_large(MODEL, Settings(memory_limit=200 << 20))
    assert failure is not None
    assert failure.code == "engine_memory_limit"
    assert "200 MiB" in failure.message


def test_growth_beyond_the_limit_is_told_once_with_the_numbers() -> None:
    async def main() -> list[Failure]:
        told: list[Failure] = []
        exceeded = asyncio.Event()

        def tell(failure: Failure) -> None:
            told.append(failure)
            exceeded.set()

        watch(MODEL, occupied() + (64 << 20), tell)
        assert not told
        held = bytearray(128 << 20)
        async with asyncio.timeout(10):
            await exceeded.wait()
        assert held[0] == 0
        return told

    (failure,) = asyncio.run(main())
    assert "MiB" in failure.message
