"""Answers from documents: each sentence with what it rests on."""

from fastapi import APIRouter

from counterpoint.api.access import require
from counterpoint.api.routes.asker import Asking
from counterpoint.api.routes.given import Given, Language
from counterpoint.api.routes.search import SearchInput
from counterpoint.api.shapes.answers import AnswerShape
from counterpoint.api.shapes.knowledge import answer_shape

router = APIRouter(prefix="/answers", tags=["answers"])


@router.post("", status_code=201, summary="Ask", dependencies=[require("search.use")])
def ask(services: Given, asker: Asking, question: SearchInput, lang: Language) -> AnswerShape:
    """Of quotations alone where no model is to be trusted with the words. "Not in your documents" is an answer."""
    return answer_shape(services.knowledge().asking.answer(question.wanted(), asker, lang), lang)
