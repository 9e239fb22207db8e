"""What an answer has used, as far as the messages tell."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.overhearing import Overheard, Rates, Weight, weighed

RATES = Rates(heard=100, said=50, picture=7)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["data", "mimeType"]), inner),
)


def test_an_answer_hears_all_that_was_said_before_it() -> None:
    overheard = Overheard(RATES)
    overheard.hears(Weight(text=40, sound=1000, pictures=2))
    overheard.says(Weight(text=9, sound=101))
    assert overheard.usage == Usage(input=10, audio_in=10, image_in=14, output=3, audio_out=3, reported=False)
    overheard.ended(Usage(input=5, cache_read=6, audio_in=7, audio_cache_read=8, output=1, audio_out=2))
    assert overheard.usage == Usage(input=6, cache_read=6, audio_in=9, audio_cache_read=8, reported=False)


def test_where_nobody_counts_the_estimate_goes_on() -> None:
    overheard = Overheard(RATES)
    overheard.hears(Weight(text=40))
    overheard.says(Weight(text=8))
    overheard.ended(UNREPORTED)
    assert overheard.usage == Usage(input=12, reported=False)


def test_what_is_taken_back_is_not_heard() -> None:
    overheard = Overheard(RATES)
    overheard.hears(Weight(sound=1000))
    overheard.forgets(600)
    assert overheard.usage.audio_in == 4
    overheard.forgets(600)
    assert overheard.usage.audio_in == 0


@pytest.mark.parametrize(
    ("piece", "weight"),
    [
        ({"type": "input_text", "text": "é"}, Weight(text=2)),
        ({"type": "input_audio", "audio": "AAAA" * 10}, Weight(sound=30)),
        ({"type": "input_image", "image_url": "data:image/png;base64,AAAA"}, Weight(pictures=1)),
        ({"parts": [{"inlineData": {"mimeType": "audio/pcm;rate=16000", "data": "AAAA"}}]}, Weight(sound=3)),
        ({"video": {"mimeType": "image/jpeg", "data": "AAAA"}}, Weight(pictures=1)),
        ({"mimeType": 3, "data": "AAAA"}, Weight(text=4)),
        ({"id": "item", "text": None, "n": 3}, Weight()),
    ],
)
def test_what_there_is_to_read_to_hear_and_to_see(piece: Any, weight: Weight) -> None:
    assert weighed([piece]) == weight


@given(JSON)
def test_any_message_has_a_weight(value: Any) -> None:
    weight = weighed(value)
    assert min(weight.text, weight.sound, weight.pictures) >= 0
