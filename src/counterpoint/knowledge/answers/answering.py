"""From a question and the passages that its asker may see to an answer with its receipt.

The steps decide and are pure; this is where a model is waited for and time is read. A model that fails, or answers what
cannot be read, costs nothing but its answer: then quotations alone are the answer, and the receipt says so.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from counterpoint.canonical.ids import new_id
from counterpoint.knowledge.answers.checking import checked, refused, sources
from counterpoint.knowledge.answers.conflicts import conflicts
from counterpoint.knowledge.answers.drafts import SCHEMA, drafted, prompt
from counterpoint.knowledge.answers.port import Evidence, Judge, Model, ModelError, Reply, Whole
from counterpoint.knowledge.answers.quoting import quoted
from counterpoint.knowledge.answers.receipt import Answer, Policy, Receipt
from counterpoint.knowledge.text import language_of

_SHOWN = 12
"""Passages that a model reads."""


class Answerer:
    """`model`: `None` where quotations alone are to be trusted. `whole`: documents around passages."""

    def __init__(
        self,
        whole: Whole,
        *,
        model: Model | None = None,
        judge: Judge | None = None,
        policy: Policy = "mark",
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._whole, self._model, self._judge = whole, model, judge
        self._policy: Policy = policy
        self._clock = clock

    async def answer(self, question: str, found: Sequence[Evidence]) -> Receipt:
        """`found`: best first, all of it to be seen by the asker now."""
        begun = self._clock()
        shown = list(found[:_SHOWN])
        answer, reply = await self._with_model(question, shown)
        failed: tuple[str, ...] = ()
        if answer is None:
            failed = ("knowledge.remark.model_failed",) if self._model is not None and shown else ()
            answer = await asyncio.to_thread(by_quotations, question, shown, self._whole, failed)
        elif answer.claims and all(claim.state == "dropped" for claim in answer.claims):
            answer = await asyncio.to_thread(self._instead, answer, shown)
        return Receipt(
            id=new_id(),
            at=begun // 1000,
            micros=(self._clock() - begun) // 1000,
            policy=self._policy,
            answer=answer,
            passages=tuple(each.passage.id for each in shown),
            model=reply.model if reply else "",
            cost=reply.cost if reply else None if failed else Decimal(0),
            currency=reply.currency if reply else "USD",
        )

    async def _with_model(
        self, question: str, shown: Sequence[Evidence]
    ) -> tuple[Answer | None, Reply | None]:
        if self._model is None or not shown:
            return None, None
        language = language_of(question)
        system, messages = prompt(question, shown, language, secrets.token_hex(8))
        try:
            reply = await self._model(system, messages, SCHEMA)
        except ModelError:
            return None, None
        answer = await asyncio.to_thread(self._read, question, shown, language, reply.text)
        return (await self._judged(answer) if answer else None), reply

    def _read(self, question: str, shown: Sequence[Evidence], language: str, text: str) -> Answer | None:
        draft = drafted(text)
        if draft is None:
            return None
        claims, located = checked(draft, shown, self._whole, self._policy, language)
        moved = any(one.moved for one in located)
        remarks = ("knowledge.remark.moved",) if moved else ()
        answer = Answer(
            question,
            "model",
            found=False,
            language=language,
            claims=tuple(claims),
            missing=draft.missing,
            remarks=remarks,
        )
        return _finished(answer, shown, self._whole)

    def _instead(self, refused: Answer, shown: Sequence[Evidence]) -> Answer:
        """Where nothing that the model wrote may be shown: what the documents say. The receipt keeps both."""
        remarks = ("knowledge.remark.model_refused",)
        answer = by_quotations(refused.question, shown, self._whole, remarks)
        return msgspec.structs.replace(answer, claims=(*answer.claims, *refused.claims))

    async def _judged(self, answer: Answer) -> Answer:
        """Stricter, never milder."""
        if self._judge is None:
            return answer
        claims = []
        for claim in answer.claims:
            if claim.state == "supported" and not await self._judge(
                claim.sentence, [span.quote for span in claim.spans]
            ):
                claims.append(refused(claim, self._policy, "knowledge.reason.judge"))
            else:
                claims.append(claim)
        found = any(claim.state == "supported" for claim in claims)
        return msgspec.structs.replace(answer, claims=tuple(claims), found=found)


def by_quotations(
    question: str, shown: Sequence[Evidence], whole: Whole, remarks: tuple[str, ...] = ()
) -> Answer:
    """Quote mode."""
    claims, missing = quoted(question, shown, whole)
    answer = Answer(
        question,
        "quotes",
        found=False,
        language=language_of(question),
        claims=tuple(claims),
        missing=tuple(missing),
        remarks=remarks,
    )
    return _finished(answer, shown, whole)


def _finished(answer: Answer, shown: Sequence[Evidence], whole: Whole) -> Answer:
    """With what its claims rest on and what speaks against them."""
    supported = [span for claim in answer.claims if claim.state == "supported" for span in claim.spans]
    differing = conflicts(answer.question, supported, shown, whole)
    spans = [span for claim in answer.claims if claim.state != "dropped" for span in claim.spans]
    return msgspec.structs.replace(
        answer,
        found=bool(supported),
        sources=sources(shown, [*spans, *(span for one in differing for span in one.spans)]),
        conflicts=tuple(differing),
    )
