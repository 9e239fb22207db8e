import asyncio
import os

from counterpoint.storage.audit.acting import Act, Actor, acting, by_command, current


def test_nobody_in_particular_is_the_platform() -> None:
    assert current().actor == Actor("system")


def test_an_act_holds_for_what_runs_within_and_no_longer() -> None:
    act = Act(Actor("file"), "start")
    with acting(act):
        assert current() is act
        with acting(Act(Actor("command"), "keys create")):
            assert current().action == "keys create"
        assert current() is act
    assert current().actor.kind == "system"


def test_what_threads_do_for_it_is_part_of_it() -> None:
    async def run() -> None:
        act = Act(Actor("account"), "POST /x")
        with acting(act):
            assert await asyncio.to_thread(current) is act

    asyncio.run(run())


def test_a_command_is_its_users() -> None:
    act = by_command("counterpoint keys create")
    assert (act.actor.kind, act.actor.id) == ("command", str(os.getuid()))
    assert act.origin
