"""The calls by which faulty hosts are tried: every pair of dialects, whole and streamed."""

from itertools import product
from typing import Any

from tests.staging.answers import Answer, answers
from tests.staging.hosts import Begins
from tests.staging.stage import Stage
from tests.staging.words import ANTHROPIC, EMBEDDINGS, OPENAI, plain, request

CALLS = [
    *product((OPENAI, ANTHROPIC), (OPENAI, ANTHROPIC), (False, True)),
    (EMBEDDINGS, EMBEDDINGS, False),
]
"""The caller's dialect, the host's, and whether the answer is streamed."""
STREAMS = [(client, host) for client, host, streamed in CALLS if streamed]
SHORT: dict[str, Any] = {"first_event_timeout": 0.1, "idle_timeout": 0.1, "connect_timeout": 0.1}


def body(client: str, *, streamed: bool) -> bytes:
    """A request for the host `h`."""
    return plain(client, "h/m", **({"stream": True} if streamed else {}))


def ask(stage: Stage, client: str, *, streamed: bool) -> Answer:
    """One call to the host `h`, which must leave exactly one entry in the ledger, with the answer's id."""
    before = len(stage.entries())
    answer = stage.post(client, body(client, streamed=streamed))
    (entry,) = stage.entries()[before:]
    assert entry.id in answer.headers.values()
    assert entry.status == answer.status
    assert entry.attempts[0].offering == "h/m"
    return answer


def listen(stage: Stage, client: str, host: Begins) -> Answer:
    """A streamed call to the host `h`, which learns when its first words have arrived."""

    async def play() -> bytes:
        async with stage.client(request(client, body(client, streamed=True))) as (reader, _):
            data = await reader.readuntil(b"Hello")
            host.heard.set()
            return data + await reader.read()

    (answer,) = answers(stage.run(play()))
    return answer
