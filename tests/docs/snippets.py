"""Runs what the documentation shows, as a reader would: each page in a folder and a shell of its own.

```console
$ a command, whose words after this line are compared with what it prints; `…` stands for anything
```

Python blocks are programs; a TOML block is the file counterpoint.toml, there from then on. A comment
`<!--- skip: next "reason" -->` before a block leaves it out; blocks in other languages (`text`, `json`, `sh`) are
not run. The addresses, ports and the key that pages show are those of the platform that the test talks to.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import SkipTest

from sybil import Document, Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, SkipParser

SECONDS = 180


@dataclass
class Reader:
    """Somebody who follows a page. `addresses`: those that the page shows, and what they are here. `key`: what
    he puts where the page has `cp-…`; in output that a page shows, it stands for any key."""

    folder: Path
    environment: dict[str, str]
    addresses: Mapping[str, str]
    key: str

    def follow(self, page: Path) -> int:
        """Runs the page's blocks in order; how many there were. Raises `AssertionError` with the line at fault."""
        self.folder.mkdir(parents=True, exist_ok=True)
        document = parsed(page)
        document.namespace["reader"] = self
        count = 0
        for example in document.examples():
            try:
                example.evaluate()
            except SkipTest:
                continue
            count += 1
        return count

    def here(self, text: str) -> str:
        """The text of a page, with this platform's addresses in it."""
        for theirs, ours in self.addresses.items():
            text = text.replace(theirs, ours)
        return text

    def typed(self, text: str) -> str:
        """The same, for what the reader types or saves."""
        return self.here(text).replace("cp-…", self.key)

    def run(self, command: list[str]) -> "subprocess.CompletedProcess[str]":
        """One program in the page's folder."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def shell(self, command: str) -> "subprocess.CompletedProcess[str]":
        """A line of a terminal session; what it exports is there for the next."""
        state = self.folder / ".exported"
        before = f". {shlex.quote(str(state))}\n" if state.exists() else ""
        after = f"\nstatus=$?\nexport -p > {shlex.quote(str(state))}\nexit $status"
        return self.run(["bash", "-c", f"{before}{command}{after}"])


def parsed(page: Path) -> Document:
    """The page's blocks."""
    blocks = {"console": console, "python": python, "toml": configuration}
    parsers = [CodeBlockParser(language, evaluate) for language, evaluate in blocks.items()]
    return Sybil([*parsers, SkipParser()]).parse(page)


def console(example: Example) -> None:
    """A terminal session."""
    reader: Reader = example.namespace["reader"]
    for command, expected in session(str(example.parsed)):
        result = reader.shell(reader.typed(command))
        where = f"{example.path}:{example.line}"
        assert result.returncode == 0, (
            f"{where}: `{command}` ended with {result.returncode}:\n{result.stdout}"
        )
        wanted = reader.here(expected)
        assert matches(wanted, result.stdout), f"{where}: `{command}` printed\n{result.stdout}\nnot\n{wanted}"


def python(example: Example) -> None:
    """A program."""
    reader: Reader = example.namespace["reader"]
    program = reader.folder / "snippet.py"
    program.write_text(reader.typed(str(example.parsed)), "utf-8")
    # With what the page has exported so far.
    result = reader.shell(f"{shlex.quote(sys.executable)} {program.name}")
    assert result.returncode == 0, f"{example.path}:{example.line} failed:\n{result.stdout}"


def configuration(example: Example) -> None:
    """A file."""
    reader: Reader = example.namespace["reader"]
    (reader.folder / "counterpoint.toml").write_text(reader.typed(str(example.parsed)), "utf-8")


def session(text: str) -> Iterator[tuple[str, str]]:
    """Each command with the output shown below it. A command goes on after a backslash at the line's end."""
    command: list[str] = []
    output: list[str] = []
    for line in text.strip().splitlines():
        if command and command[-1].endswith("\\"):
            command.append(line)
        elif line.startswith("$ "):
            if command:
                yield "\n".join(command), "\n".join(output)
            command, output = [line[2:]], []
        else:
            output.append(line)
    if command:
        yield "\n".join(command), "\n".join(output)


def matches(expected: str, printed: str) -> bool:
    """Whether a terminal that printed this looks as shown; blanks at line ends do not show."""
    if not expected.strip():
        return True
    pattern = ".*".join(re.escape(part) for part in tidy(expected).split("…"))
    return re.fullmatch(pattern, tidy(printed), re.DOTALL) is not None


def tidy(text: str) -> str:
    """Without what cannot be seen."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def reader_for(folder: Path, *, gateway: str, studio: str, key: str, data: Path) -> Reader:
    """Somebody in front of that platform, with an empty home."""
    folder.mkdir(parents=True, exist_ok=True)
    programs = Path(sys.executable).parent
    environment = {
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)]),
        "LANG": "C.UTF-8",
        "COUNTERPOINT_LANG": "en",
        "COUNTERPOINT_DATA": str(data),
        # Getting started has it exported once and for all.
        "COUNTERPOINT_KEY": key,
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    addresses = {"http://127.0.0.1:8600": gateway, "http://127.0.0.1:8601": studio}
    return Reader(folder, environment, addresses, key)
