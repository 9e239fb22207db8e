"""What a question wants: its words, how rare each is among what was found, and what kind of thing would answer it."""

import math
from collections.abc import Sequence

import msgspec

from counterpoint.knowledge.answers.reading import Reading
from counterpoint.knowledge.answers.tokens import tokens
from counterpoint.knowledge.text import language_of
from counterpoint.knowledge.text.terms import stems_of

_CUES = {
    "person": ("qui", "who", "whom", "whose", "quel auteur", "quelle personne", "by whom"),
    "time": (
        "quand",
        "when",
        "quelle date",
        "quelle annee",
        "quel jour",
        "what year",
        "which year",
        "what date",
        "what time",
        "combien de temps",
        "how long",
    ),
    "number": (
        "combien",
        "how many",
        "how much",
        "quel montant",
        "quel nombre",
        "quel taux",
        "quelle duree",
        "quel delai",
        "quel prix",
        "quel pourcentage",
        "how long",
        "how old",
        "how far",
        "what percentage",
        "what number",
        "what amount",
        "quelle somme",
        "quel age",
        "quelle taille",
        "quelle part",
    ),
    "place": (
        "ou",
        "where",
        "quel pays",
        "quelle ville",
        "quel lieu",
        "which country",
        "which city",
        "what country",
    ),
    "reason": ("pourquoi", "why", "quelle raison", "quelles raisons"),
}
_FRAMES = (
    "how long",
    "how many",
    "how much",
    "how old",
    "how far",
    "how often",
    "combien de temps",
    "combien de fois",
)
"""Whose last word asks: no answer repeats it."""
_NAMED = 2
"""How much more a name or a number of the question tells than another word."""
_OF_KIND = 0.4
"""And how much less a word for the kind of answer: an amount need not be called one."""
_KIND_WORDS = frozenset(
    {
        "prix",
        "montant",
        "nombre",
        "date",
        "année",
        "durée",
        "délai",
        "somme",
        "taux",
        "pourcentage",
        "part",
        "lieu",
        "nom",
        "personne",
        "personnes",
        "raison",
        "raisons",
        "price",
        "amount",
        "number",
        "year",
        "duration",
        "cost",
        "name",
        "person",
        "people",
        "reason",
        "reasons",
        "percentage",
        "kind",
        "type",
    }
)
_REASONS = (
    "car",
    "parce",
    "because",
    "since",
    "afin",
    "pour que",
    "grace",
    "cause",
    "due",
    "raison",
    "puisque",
    "therefore",
)


class Wanted(msgspec.Struct, frozen=True):
    """`groups`: of each word that counts, the stems in both languages; `weights`: how much each tells. `cues`: kinds of
    answer."""

    words: tuple[str, ...]
    groups: tuple[frozenset[str], ...]
    weights: tuple[float, ...]
    cues: frozenset[str]

    def covered(self, stems: frozenset[str]) -> frozenset[int]:
        """Which of its words are there."""
        return frozenset(index for index, group in enumerate(self.groups) if not group.isdisjoint(stems))

    def share(self, covered: frozenset[int]) -> float:
        """Of its weight."""
        return sum(self.weights[index] for index in covered) / (sum(self.weights) or 1.0)


def stems_in(text: str) -> frozenset[str]:
    """All of its words' stems, in both languages."""
    found: set[str] = set()
    for piece in tokens(text):
        if piece.kind == "word":
            word = text[piece.start : piece.end].lower()
            found.update(stems_of(word, "fr"), stems_of(word, "en"))
        elif piece.kind in {"number", "date"}:
            found.add(piece.folded)
    return frozenset(found)


def wanted(question: str, found: Sequence[frozenset[str]]) -> Wanted:
    """`found`: stems of each passage that the search gave."""
    language = language_of(question)
    words: dict[frozenset[str], str] = {}
    named: set[frozenset[str]] = set()
    pieces = tokens(question)
    framing = _framing([piece.folded for piece in pieces])
    for place, piece in enumerate(pieces):
        if place in framing:
            continue
        written = question[piece.start : piece.end].lower()
        if piece.kind in {"number", "date"}:
            words.setdefault(frozenset({piece.folded}), written)
            named.add(frozenset({piece.folded}))
        elif piece.kind == "word" and stems_of(written, language):
            stems = frozenset({*stems_of(written, "fr"), *stems_of(written, "en")})
            words.setdefault(stems, written)
            if place and piece.capital:
                named.add(stems)
    groups = tuple(words)
    count = len(found)
    return Wanted(
        tuple(words.values()),
        groups,
        tuple(
            _weight(count, sum(not group.isdisjoint(stems) for stems in found))
            * (_NAMED if group in named else _OF_KIND if words[group] in _KIND_WORDS else 1)
            for group in groups
        ),
        _cues(question),
    )


def answers_kind(cues: frozenset[str], reading: Reading, folded: str) -> float:
    """How well a sentence fits what is asked for, 0 to 1."""
    kinds = {one.kind for one in reading.quantities}
    names = any(word.name for word in reading.words)
    fits = {
        "person": names,
        "time": "date" in kinds or "number" in kinds,
        "number": "number" in kinds,
        "place": names,
        "reason": any(f" {word} " in folded for word in _REASONS),
    }
    return sum(fits[cue] for cue in cues) / len(cues) if cues else 0.0


def _weight(count: int, having: int) -> float:
    return math.log(1 + (count - having + 0.5) / (having + 0.5)) + 0.2


def _framing(folded: Sequence[str]) -> frozenset[int]:
    """Places of the words that only ask."""
    found = set()
    for frame in _FRAMES:
        words = frame.split()
        for place in range(len(words) - 1, len(folded)):
            if list(folded[place - len(words) + 1 : place + 1]) == words:
                found.add(place)
    return frozenset(found)


def _cues(question: str) -> frozenset[str]:
    folded = f" {' '.join(piece.folded for piece in tokens(question))} "
    return frozenset(kind for kind, cues in _CUES.items() if any(f" {cue} " in folded for cue in cues))
