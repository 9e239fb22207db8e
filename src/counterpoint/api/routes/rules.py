"""The rules for bare model names, and what a name comes to under them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from counterpoint.api.access import require
from counterpoint.api.explaining import explain
from counterpoint.api.routes.given import Given, Language
from counterpoint.api.shapes.rules import ExplanationShape, RulesShape, rules_shape

router = APIRouter(tags=["rules"])
_read = [require("rules.read")]


@router.get("/rules", summary="Show the rules", dependencies=_read)
def show_rules(services: Given) -> RulesShape:
    """As the gateway's workers apply them now."""
    return rules_shape(services.directory().rules)


@router.get("/explain", summary="Explain a model's name", dependencies=_read)
def explain_name(
    services: Given,
    lang: Language,
    model: Annotated[str, Query(min_length=1, max_length=300)],
    operation: Literal["chat", "embed"] | None = None,
    key: Annotated[str | None, Query(max_length=200, description="A key's name or id.")] = None,
) -> ExplanationShape:
    """Which offering would answer, and why. Nothing is called."""
    return explain(services.directory(), model, operation=operation, key=key, lang=lang)
