"""What ends a session that stands: its key, its host or its project's conditions are not what they were."""

import msgspec

from counterpoint.directory import Directory
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Constraints, Project
from counterpoint.gateway.going_on import Session, listed, objection
from counterpoint.gateway.names import Names
from counterpoint.serving import Request
from tests.unit.gateway.conversation import DIRECTORY, KEY, NAMES, SECRET

REQUEST = Request(
    "GET",
    b"/v1/realtime",
    {b"authorization": b"Bearer " + SECRET.encode()},
    b"",
    version="1.1",
    keep_alive=True,
    received=0.0,
)
(CANDIDATE,) = NAMES.resolve("alpha/gpt-x", "chat", ("openai-chat",)).candidates
SESSION = Session(REQUEST, KEY, "fast", "chat", "openai-chat", CANDIDATE)


def told(directory: Directory, session: Session = SESSION, at: float = 10.0) -> str:
    failure = objection(session, Names(directory), at)
    return "" if failure is None else failure.message


def test_what_is_as_it_was_goes_on() -> None:
    assert told(DIRECTORY) == ""
    assert listed(REQUEST, NAMES) == KEY
    assert told(DIRECTORY, msgspec.structs.replace(SESSION, candidate=None)) == ""


def test_a_name_that_leads_elsewhere_by_now_ends_nothing() -> None:
    rules = msgspec.structs.replace(DIRECTORY.rules, aliases=(("fast", "tiny"),))
    assert told(msgspec.structs.replace(DIRECTORY, rules=rules)) == ""


def test_a_key_that_was_revoked_or_has_expired() -> None:
    assert "revoked" in told(msgspec.structs.replace(DIRECTORY, keys={}))
    ending = {digest_of(SECRET): msgspec.structs.replace(KEY, expires=20.0)}
    assert told(msgspec.structs.replace(DIRECTORY, keys=ending)) == ""
    assert "expired" in told(msgspec.structs.replace(DIRECTORY, keys=ending), at=20.0)
    narrow = {digest_of(SECRET): msgspec.structs.replace(KEY, models=("tiny",))}
    assert "'fast'" in told(msgspec.structs.replace(DIRECTORY, keys=narrow))


def test_a_host_that_is_gone_or_that_the_project_may_not_use_any_more() -> None:
    hosts = {name: host for name, host in DIRECTORY.hosts.items() if name != "alpha"}
    assert "'alpha'" in told(msgspec.structs.replace(DIRECTORY, hosts=hosts))
    confined = {"p1": Project("p1", "one", constraints=Constraints(not_hosts=("alpha",)))}
    assert "'alpha'" in told(msgspec.structs.replace(DIRECTORY, projects=confined))
    assert told(msgspec.structs.replace(DIRECTORY, projects={})) != ""
