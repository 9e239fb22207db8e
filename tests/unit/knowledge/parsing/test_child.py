import socket
import subprocess
import sys

import msgspec

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.frames import Answer, Exposed, Limits, Task, answers
from counterpoint.knowledge.parsing.outcome import EMPTY

COMMAND = [
    sys.executable,
    "-m",
    "counterpoint.knowledge.parsing.child",
    msgspec.json.encode(Limits()).decode(),
]


def talk(said: bytes) -> tuple[list[object], int]:
    """What a child answers to these bytes, and how it ends."""
    done = subprocess.run(COMMAND, input=said, capture_output=True, timeout=60, check=False)
    found, rest = [], done.stdout
    while rest:
        size = int.from_bytes(rest[:4], "big")
        found.append(answers.decode(rest[4 : 4 + size]))
        rest = rest[4 + size :]
    return found, done.returncode


def frame(name: str, data: bytes) -> bytes:
    body = msgspec.msgpack.encode(Task(name, "", data))
    return len(body).to_bytes(4, "big") + body


def test_it_answers_in_order_and_ends_when_nobody_asks() -> None:
    found, code = talk(frame("a.txt", b"One.") + frame("b.txt", b"") + frame("c.txt", b"Three."))
    assert code == 0
    first, second, third = found
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert isinstance(third, Answer)
    assert isinstance(first.parsed, Parsed)
    assert first.parsed.text == "One."
    assert second.unreadable is not None
    assert second.unreadable.reason == EMPTY
    assert third.parsed is not None


def test_half_a_task_is_none() -> None:
    assert talk(frame("a.txt", b"One.")[:-2]) == ([], 0)
    assert talk(b"\xff\xff\xff\xff") == ([], 0)


def test_it_has_no_network() -> None:
    """Shown by a port that is open to all others, in a process that shuts itself in as a child does."""
    script = """
import os, socket
from counterpoint.knowledge.parsing import child
from counterpoint.knowledge.parsing.frames import Limits
answers = child._shut_in(Limits())
try:
    socket.create_connection(("127.0.0.1", {port}), 2)
    os.write(answers, b"reached")
except OSError as error:
    os.write(answers, b"refused")
"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        program = script.replace("{port}", str(server.getsockname()[1]))
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=True)
    assert done.stdout == b"refused"


def test_it_says_where_it_cannot_be_shut_in() -> None:
    script = """
import sys
from counterpoint.engines import isolation
from counterpoint.knowledge.parsing import child
isolation.leave_network = lambda: "none"
sys.argv = ["child", sys.argv[1]]
child.main()
"""
    command = [sys.executable, "-c", script, COMMAND[-1]]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=60, check=True)
    assert answers.decode(done.stdout[4:]) == Exposed()
