import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.frames import Limits
from counterpoint.knowledge.parsing.outcome import (
    CRASHED,
    SWELLS,
    TOO_LARGE,
    TOO_MUCH_MEMORY,
    TOO_SLOW,
    Outcome,
    Unreadable,
)
from counterpoint.knowledge.parsing.pool import Parsers
from tests.office.making import archive

Start = Callable[..., Parsers]

PLANTED = """
import os, time
from counterpoint.knowledge.documents import Block, Parsed
from counterpoint.knowledge.parsing import pace, plain

def read(data):
    word = data.decode()
    if word == "crash":
        os.abort()
    if word == "sleep":
        time.sleep(600)
    if word == "spin":
        while True:
            pass
    if word == "swell":
        held = [bytearray(50_000_000) for _ in range(1000)]
    if word == "lie":
        return Parsed("abc", (Block("paragraph", 0, 9),))
    if word == "long":
        for _ in range(5):
            time.sleep(1)
            pace.alive()
    if word == "print":
        print("noise")
        os.write(1, b"noise")
    if word == "pid":
        word = str(os.getpid())
    return Parsed(word, (Block("paragraph", 0, len(word)),))

if os.environ.get("LANG") == "exposed":
    from counterpoint.engines import isolation
    isolation.leave_network = lambda: "none"
plain.read = read
import counterpoint.knowledge.parsing.registry as registry
registry.sound = lambda parsed: True
"""
"""A reader that does what the text says: a child loads it as its `sitecustomize`, ahead of everything else."""


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    (tmp_path / "sitecustomize.py").write_text(PLANTED, "utf-8")
    source = Path(__file__).resolve().parents[4] / "src"
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{source}")
    started: list[Parsers] = []

    def make(children: int = 1, **limits: float) -> Parsers:
        started.append(Parsers(children, Limits(**limits)))  # type: ignore[arg-type]
        return started[-1]

    yield make
    for parsers in started:
        parsers.close()


def said(outcome: Outcome) -> str:
    assert isinstance(outcome, Parsed), outcome
    return outcome.text


def test_a_crash_costs_its_file_and_the_next_one_is_read(start: Start) -> None:
    parsers = start()
    assert parsers.parse("a.txt", "", b"crash") == Unreadable(CRASHED)
    assert said(parsers.parse("a.txt", "", b"fine")) == "fine"


def test_a_hang_ends_and_so_does_a_busy_one(start: Start) -> None:
    assert start(seconds=3.0).parse("a.txt", "", b"sleep") == Unreadable(TOO_SLOW)
    parsers = start(cpu_seconds=1)
    assert parsers.parse("a.txt", "", b"spin") == Unreadable(TOO_SLOW)
    assert said(parsers.parse("a.txt", "", b"fine")) == "fine"


def test_a_file_that_goes_on_well_may_take_longer(start: Start) -> None:
    assert said(start(seconds=3.0).parse("a.txt", "", b"long")) == "long"


def test_a_swelling_is_refused_memory(start: Start) -> None:
    parsers = start(memory=1024**3)
    assert parsers.parse("a.txt", "", b"swell") == Unreadable(TOO_MUCH_MEMORY)
    assert said(parsers.parse("a.txt", "", b"fine")) == "fine"


def test_an_answer_that_is_not_sound_is_not_believed(start: Start) -> None:
    assert start().parse("a.txt", "", b"lie") == Unreadable(CRASHED)


def test_what_a_library_prints_is_no_answer(start: Start) -> None:
    assert said(start().parse("a.txt", "", b"print")) == "print"


def test_a_child_is_kept_until_it_has_read_its_share(start: Start) -> None:
    parsers = start(files=2)
    first, second, third = (said(parsers.parse("a.txt", "", b"pid")) for _ in range(3))
    assert first == second != third


def test_a_child_that_is_killed_is_replaced(start: Start) -> None:
    parsers = start()
    os.kill(int(said(parsers.parse("a.txt", "", b"pid"))), signal.SIGKILL)
    outcomes = [parsers.parse("a.txt", "", b"fine") for _ in range(2)]
    assert said(outcomes[-1]) == "fine"


def test_threads_share_children_and_each_gets_its_own_answer(start: Start) -> None:
    parsers = start(2)
    with ThreadPoolExecutor(6) as threads:
        texts = [f"text {number}" + "x" * number * 999 for number in range(30)]
        assert list(threads.map(lambda text: said(parsers.parse("a.txt", "", text.encode())), texts)) == texts
        assert len(set(threads.map(lambda _: said(parsers.parse("a.txt", "", b"pid")), range(20)))) <= 2


def test_large_files_are_refused_unseen_and_bombs_unpacked_by_nobody(start: Start) -> None:
    assert start(bytes=3).parse("a.txt", "", b"fine") == Unreadable(TOO_LARGE)
    bomb = archive({"word/document.xml": bytes(64 * 1024 * 1024), "[Content_Types].xml": "<Types/>"})
    assert start().parse("a.docx", "", bomb) == Unreadable(SWELLS)


def test_closing_ends_what_is_being_read(start: Start) -> None:
    parsers = start()
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(parsers.parse("a.txt", "", b"sleep")))
    thread.start()
    while not parsers._busy:
        thread.join(0.01)
    parsers.close()
    thread.join(30)
    assert outcomes
    assert not isinstance(outcomes[0], Parsed)
    with pytest.raises(RuntimeError):
        parsers.parse("a.txt", "", b"fine")


def test_a_network_that_cannot_be_left_is_told_once(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LANG", "exposed")
    parsers = start(files=1)
    assert [said(parsers.parse("a.txt", "", text)) for text in (b"one", b"two")] == ["one", "two"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "cut off from the network" in caplog.text
