"""A model's draft becomes claims: sentences with quotations that are there, and whether these carry them."""

from collections.abc import Sequence

from counterpoint.knowledge.answers.drafts import Draft, Drafted
from counterpoint.knowledge.answers.port import Evidence, Whole
from counterpoint.knowledge.answers.quotations import Located, locate_all
from counterpoint.knowledge.answers.receipt import Claim, Policy, Source
from counterpoint.knowledge.answers.support import Verdict, supports
from counterpoint.knowledge.documents import Span
from counterpoint.knowledge.text import sentences


def checked(
    draft: Draft, shown: Sequence[Evidence], whole: Whole, policy: Policy, language: str
) -> tuple[list[Claim], list[Located]]:
    """Claims in the draft's order, and every quotation that was found."""
    claims: list[Claim] = []
    located: list[Located] = []
    everything = iter(locate_all([quote for each in draft.sentences for quote in each.quotes], shown, whole))
    for each in draft.sentences:
        found = [next(everything) for _ in each.quotes]
        there = [one for one in found if one is not None]
        located += there
        claims += _claims(each, there, len(there) < len(found), policy, language)
    return claims, located


def refused(claim: Claim, policy: Policy, reason: str, value: str = "") -> Claim:
    """The same, unsupported."""
    return Claim(
        claim.sentence,
        "dropped" if policy == "drop" else "marked",
        claim.spans,
        claim.score,
        (*claim.reasons, reason),
        (*claim.values, *filter(None, (value,))),
    )


def sources(evidence: Sequence[Evidence], spans: Sequence[Span]) -> tuple[Source, ...]:
    """The documents that are quoted, in the order in which they are first."""
    by_document = {(each.passage.document, each.passage.version): each for each in reversed(evidence)}
    grouped: dict[tuple[str, str], list[Span]] = {}
    for span in spans:
        grouped.setdefault((span.document, span.version), []).append(span)
    return tuple(
        Source(
            document=key[0],
            version=key[1],
            title=by_document[key].title,
            right=by_document[key].right,
            path=by_document[key].path,
            pages=tuple(sorted({span.page for span in group if span.page is not None})),
            cells=tuple(dict.fromkeys(span.cell for span in group if span.cell)),
        )
        for key, group in grouped.items()
    )


def _claims(
    drafted: Drafted, there: Sequence[Located], lost: bool, policy: Policy, language: str
) -> list[Claim]:
    """One for each sentence: a model may write several as one."""
    text = drafted.text
    found = []
    for start, end in sentences(text, language):
        sentence = text[start:end]
        needed = _needed(sentence, there, language)
        verdict = _verdict(sentence, needed, language)
        claim = Claim(sentence, "supported", tuple(dict.fromkeys(one.span for one in needed)), verdict.score)
        for place, reason in enumerate(verdict.reasons):
            claim = refused(claim, policy, reason, "; ".join(verdict.values) if place == 0 else "")
        if lost and not verdict.supported:
            claim = refused(claim, policy, "knowledge.reason.not_there")
        found.append(claim)
    return found


def _verdict(sentence: str, there: Sequence[Located], language: str) -> Verdict:
    quotes = list(dict.fromkeys(one.span.quote for one in there))
    context = " : ".join(dict.fromkeys(one.context for one in there))
    return supports(sentence, quotes, language, context)


def _needed(sentence: str, there: Sequence[Located], language: str) -> Sequence[Located]:
    """Without the quotations that prove nothing, where others prove it: a citation beside the point is a wrong one."""
    if len(there) < 2 or not _verdict(sentence, there, language).supported:
        return there
    kept = list(there)
    for one in reversed(there):
        rest = [other for other in kept if other is not one]
        alone = _verdict(sentence, [one], language).supported
        if not alone and rest and _verdict(sentence, rest, language).supported:
            kept = rest
    return kept
