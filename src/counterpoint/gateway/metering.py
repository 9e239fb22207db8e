"""A realtime session held by limits: one answer ahead, always. When an answer has been settled the next one is held
for; where that does not fit, the session ends."""

from collections.abc import Callable, Sequence

import msgspec

from counterpoint.canonical import Failure
from counterpoint.directory import Key
from counterpoint.gateway.asking import Asking
from counterpoint.gateway.limiting import refusal, settled, wanted_of
from counterpoint.gateway.names import Candidate, Names
from counterpoint.gateway.ports import Purse
from counterpoint.ledger import Entry
from counterpoint.limits import Denied, Hold, Wanted

# What the model hears of an answer is all that was said before, so as much as it can hold; and all of it may be sound.
ASKING = Asking(operation="realtime", elsewhere=True, sound=True)


class Metering:
    """Of one session. `purse`: `None` where nothing is limited."""

    def __init__(self, purse: Purse | None, names: Names, lang: str) -> None:
        self._purse = purse
        self._directory = names.directory
        self._most = names.bounds
        self._lang = lang
        self._names: tuple[str, ...] = ()
        self._wanted: Wanted | None = None
        self._hold = Hold()
        self._asking = False
        self._over = False

    def begin(
        self,
        key: Key,
        candidates: Sequence[Candidate],
        names: tuple[str, ...],
        answer: Callable[[Failure | None], None],
    ) -> None:
        """Hold for the first answer; `answer` is told why not, if so."""
        if self._purse is None or not self._directory.limits:
            answer(None)
            return
        self._names = names
        offerings = [candidate.offering for candidate in candidates]
        self._wanted = wanted_of(key, ASKING, self._most, offerings, names)
        self._reserve(answer)

    def _reserve(self, answer: Callable[[Failure | None], None]) -> None:
        purse, wanted = self._purse, self._wanted
        if self._asking:  # two answers ended together: what is held for next is one
            return
        assert purse is not None  # noqa: S101 - the callers know
        assert wanted is not None  # noqa: S101 - the same

        def told(said: Hold | Denied) -> None:
            self._asking = False
            if isinstance(said, Denied):
                answer(refusal(self._lang, said, self._directory))
            elif self._over:
                purse.settle(said, ())
            else:
                self._hold = said
                answer(None)

        self._asking = True
        purse.reserve(wanted, told)

    def settle(self, entry: Entry, answer: Callable[[Failure | None], None]) -> Entry:
        """The entry of an answer, with what it took; and hold for the next one. Answers that come before there is a
        hold for them count all the same."""
        if self._purse is None or not self._hold.parts:
            return entry
        entry, amounts = settled(entry, self._hold, self._most, self._names)
        self._settle(self._purse, amounts)
        self._reserve(answer)
        return entry

    def broken(self, entry: Entry) -> Entry:
        """The entry of an answer that its session did not live to see the end of. Where it does not say what it used,
        it took all that was held for it."""
        if self._purse is None or not self._hold.parts:
            return entry
        entry, amounts = settled(entry, self._hold, self._most, self._names)
        self._settle(self._purse, amounts)
        return entry

    def end(self) -> None:
        """The session is over."""
        if not self._over and self._purse is not None:
            self._over = True
            self._settle(self._purse, ())

    def _settle(self, purse: Purse, amounts: tuple[int, ...]) -> None:
        purse.settle(self._hold, amounts)
        self._hold = Hold(tuple(msgspec.structs.replace(part, amount=0) for part in self._hold.parts))
