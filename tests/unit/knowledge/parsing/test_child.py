import os
import subprocess
import sys
from pathlib import Path

import msgspec

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.frames import Answer, Limits, Task, answers
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


def test_it_has_no_network(tmp_path: Path) -> None:
    """Shown by what it sees of interfaces, in a process that shuts itself in as a child does."""
    script = """
import os, socket
from counterpoint.knowledge.parsing import child
from counterpoint.knowledge.parsing.frames import Limits
answers = child._shut_in(Limits())
try:
    socket.create_connection(("127.0.0.1", 9), 2)
except OSError as error:
    os.write(answers, str(error.errno).encode())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=True)
    assert done.stdout
    assert int(done.stdout) in {101, 99, 111, 13, 1}, os.strerror(int(done.stdout))
