"""Where each value of a TOML file stands, so that a complaint about it can name its line.

`tomllib` gives values without positions. This scanner gives positions without values: it walks a text that
`tomllib` has accepted, so it need not judge it, only keep its place.
"""

import re

Path = tuple[str | int, ...]
Position = tuple[int, int]

_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:\\.|[^"\\])*"')
_LITERAL = re.compile(r"'[^']*'")
_LONG = re.compile(r'"""(?:\\.|[^\\])*?"""(?!"(?!""))"{0,2}' + r"|'''.*?'''(?!'(?!''))'{0,2}", re.DOTALL)
_SCALAR = re.compile(r"[^,\]\}#\r\n]+")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|.)")
_LETTERS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}


def locate(text: str) -> dict[Path, Position]:
    """Line and column, both from 1, of every key, table and array element, by its path."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[Path, Position] = {}
        self._arrays: dict[Path, int] = {}
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._line = 0

    def scan(self) -> dict[Path, Position]:
        table: Path = ()
        while self._skip(_SPACE) < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
        return self._found

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return self._at

    def _note(self, path: Path, at: int) -> None:
        while self._line + 1 < len(self._starts) and self._starts[self._line + 1] <= at:
            self._line += 1
        while self._starts[self._line] > at:
            self._line -= 1
        self._found.setdefault(path, (self._line + 1, at - self._starts[self._line] + 1))

    def _header(self) -> Path:
        start = self._at
        several = self._text.startswith("[[", start)
        self._at += 2 if several else 1
        names = self._dotted()
        self._skip(_BLANK)
        self._at += 2 if several else 1
        path = self._resolve(names[:-1])
        for depth in range(1, len(path)):
            self._note(path[:depth], start)
        path = (*path, names[-1])
        self._note(path, start)
        if several:
            index = self._arrays[path] = self._arrays.get(path, -1) + 1
            path = (*path, index)
            self._note(path, start)
        elif path in self._arrays:
            path = (*path, self._arrays[path])
        return path

    def _resolve(self, names: list[str]) -> Path:
        """A header's name goes through the newest element of every array of tables on its way."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self._arrays:
                path = (*path, self._arrays[path])
        return path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = table
        for name in self._dotted():
            path = (*path, name)
            self._note(path, start)
        self._skip(_BLANK)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _dotted(self) -> list[str]:
        names = []
        while True:
            self._skip(_BLANK)
            names.append(self._name())
            self._skip(_BLANK)
            if not self._text.startswith(".", self._at):
                return names
            self._at += 1

    def _name(self) -> str:
        start = self._at
        if self._text.startswith('"', start):
            return _unescape(self._text[start + 1 : self._skip(_BASIC) - 1])
        if self._text.startswith("'", start):
            return self._text[start + 1 : self._skip(_LITERAL) - 1]
        return self._text[start : self._skip(_BARE)]

    def _value(self, path: Path) -> None:
        head = self._text[self._at]
        if self._text.startswith(('"""', "'''"), self._at):
            self._skip(_LONG)
        elif head == '"':
            self._skip(_BASIC)
        elif head == "'":
            self._skip(_LITERAL)
        elif head == "[":
            self._array(path)
        elif head == "{":
            self._inline(path)
        else:
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while True:
            self._skip(_SPACE)
            if self._text[self._at] == "]":
                self._at += 1
                return
            self._note((*path, index), self._at)
            self._value((*path, index))
            index += 1
            self._skip(_SPACE)
            if self._text[self._at] == ",":
                self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while True:
            self._skip(_SPACE)
            if self._text[self._at] == "}":
                self._at += 1
                return
            self._pair(path)
            self._skip(_SPACE)
            if self._text[self._at] == ",":
                self._at += 1


def _unescape(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if code[0] in "uUx" else _LETTERS.get(code, code)

    return _ESCAPE.sub(letter, text)
