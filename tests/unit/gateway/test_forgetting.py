"""What is deleted here is deleted where else it is kept."""

import asyncio
from pathlib import Path

from tests.unit.gateway.memory import CHATTY, KEEPER, TYPED, World, with_memory


def test_a_host_that_keeps_answers_is_asked_to_forget_them(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        for model in (CHATTY, TYPED):
            told = await world.create(model, "one")
            await world.call("DELETE", f"/v1/responses/{told['id']}")
        unkept = await world.create(KEEPER, "one", store=False)
        await world.call("DELETE", f"/v1/responses/{unkept['id']}", status=404)
        told = await world.create(KEEPER, "one")
        gone = await world.call("DELETE", f"/v1/responses/{told['id']}")
        assert gone == {"id": told["id"], "object": "response", "deleted": True}
        path = await asyncio.wait_for(world.deleted.get(), 10)
        assert path == f"/keeper/responses/{told['id']}"
        assert world.deleted.empty()

    with_memory(tmp_path, test)
