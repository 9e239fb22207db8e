"""Of whom a sentence speaks: `the director's wife owns it` says nothing of what the director owns.

A sentence may leave much out, but not the word that its subject only belongs to, nor whom a `who` stands for.
"""

from collections.abc import Iterator, Sequence

from counterpoint.knowledge.answers.order import Same, before
from counterpoint.knowledge.answers.reading import Reading, Word

_OF = frozenset({"of", "de", "du", "d'", "des"})
_BY = frozenset({"by", "par"})
_WHO = frozenset({"who", "qui"})
_SAME_THING = frozenset(
    {
        "ville",
        "commune",
        "region",
        "departement",
        "pays",
        "etat",
        "societe",
        "entreprise",
        "groupe",
        "universite",
        "article",
        "mois",
        "annee",
        "city",
        "town",
        "state",
        "country",
        "company",
        "university",
        "month",
        "year",
    }
)
"""`The city of Paris` is Paris."""


def beheaded(claim: Reading, parts: Sequence[Reading], same: Same) -> Iterator[Word]:
    """What the sentence is about, where the quotation is about something of it, or of someone else."""
    subject = next(iter(claim.words), None)
    if subject is None:
        return
    told = [(part, word) for part in parts for word in part.words if same(subject, word)]
    if told and all(_is_of_another(subject, word, claim, part, same) for part, word in told):
        yield subject
    for part in parts:
        yield from _of_another_who(claim, part, same)


def _is_of_another(subject: Word, word: Word, claim: Reading, part: Reading, same: Same) -> bool:
    link = before(part.pieces, word.place)
    if link not in _OF | _BY or before(claim.pieces, subject.place) in _OF | _BY:
        return False
    if link in _OF and any(claim.segments[one.first] == subject.segment for one in claim.quantities):
        # `The duration of the trial is 3 months`: the trial has them, too.
        return False
    head = next((other for other in reversed(part.words) if other.place < word.place), None)
    if head is None or head.segment != word.segment or head.folded in _SAME_THING:
        return False
    return not any(same(mine, head) for mine in claim.words)


def _of_another_who(claim: Reading, part: Reading, same: Same) -> Iterator[Word]:
    for place, piece in enumerate(part.pieces):
        if piece.folded not in _WHO:
            continue
        ahead = [word for word in part.words if word.place < place]
        done = next((word for word in part.words if word.place > place), None)
        mine = next((word for word in claim.words if done and same(word, done)), None)
        if not ahead or mine is None or any(other.folded in _WHO for other in claim.pieces):
            continue
        doers = [word for word in claim.words if word.place < mine.place]
        if doers and not any(same(doer, whom) for doer in doers for whom in _named(part, ahead)):
            yield mine


def _named(part: Reading, ahead: Sequence[Word]) -> list[Word]:
    """The last word, with those that it is of, and the rest of its name."""
    found = [ahead[-1]]
    for word in reversed(ahead[:-1]):
        next_to = word.name and found[-1].name and found[-1].place - word.place == 1
        if not next_to and before(part.pieces, found[-1].place) not in _OF:
            break
        found.append(word)
    return found
