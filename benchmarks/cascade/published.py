"""What RouteLLM's authors published of their routers, for the same pair of models on the same prompts.

Tables 1 and 3 of https://arxiv.org/abs/2406.18665 (the routers trained on preferences augmented by a judge, their best
on both). Not measured here: the routers need models and embeddings that are not in the data.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """CPT as the share of calls that the large model gets."""

    router: str
    cpt50: float
    cpt80: float
    apgr: float


ROUTERS = {
    "GSM8K": (
        Published("causal LLM", 0.3364, 0.6326, 0.622),
        Published("similarity-weighted ranking", 0.4121, 0.7220, 0.568),
        Published("matrix factorisation", 0.3882, 0.7262, 0.565),
        Published("BERT", 0.4476, 0.7909, 0.531),
        Published("random", 0.5000, 0.8008, 0.497),
    ),
    "MT-bench": (
        Published("matrix factorisation", 0.1340, 0.3131, 0.802),
        Published("similarity-weighted ranking", 0.2321, 0.3604, 0.759),
        Published("BERT", 0.1958, 0.3402, 0.751),
        Published("causal LLM", 0.3150, 0.4875, 0.679),
        Published("random", 0.4903, 0.7808, 0.500),
    ),
}
