"""Usage: disjoint token classes, so that a sum is a sum and every class can carry its own price.

Providers count differently: some include cached tokens in the input, some don't; some include reasoning
in the output, some report it apart. Each dialect's border turns its counts into these classes, no token
in two of them. Only the border of an OpenAI-shaped dialect adds them up again.
"""

import msgspec


class Usage(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Tokens by disjoint class, plus counted events. All integers, at least 0, default 0.

    `input`: plain text input read at full price. `cache_read`: input served from a prompt cache.
    `cache_write`: input written to a cache with the provider's default lifetime (5 minutes at Anthropic).
    `cache_write_1h`: the same with a lifetime of one hour. `output`: visible output. `reasoning`: output
    spent on thinking, where the provider reports it apart. `audio_in`, `audio_out`, `image_in`,
    `image_out`: tokens of that modality where reported apart; `audio_cache_read`: cached audio input.
    `web_searches`: server-side searches, billed per call. `images`, `audio_seconds`, `characters`: pictures made,
    seconds heard and characters spoken, where these are charged and not tokens. `search_units`: rerankings, as their
    host counts them (a query over so many documents). `reported` says whether the provider gave any
    usage at all: an unknown usage is a state, never zero.
    """

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0
    audio_in: int = 0
    audio_out: int = 0
    audio_cache_read: int = 0
    image_in: int = 0
    image_out: int = 0
    web_searches: int = 0
    images: int = 0
    audio_seconds: int = 0
    characters: int = 0
    search_units: int = 0
    reported: bool = True

    @property
    def input_total(self) -> int:
        """Every token that went in, in whatever class."""
        return (
            self.input
            + self.cache_read
            + self.cache_write
            + self.cache_write_1h
            + self.audio_in
            + self.audio_cache_read
            + self.image_in
        )

    @property
    def output_total(self) -> int:
        """Every token that came out, in whatever class."""
        return self.output + self.reasoning + self.audio_out + self.image_out


UNREPORTED = Usage(reported=False)
