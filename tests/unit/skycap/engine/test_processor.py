"""What is kept of an understood message holds none of its words, and is whole again for the next who says the same."""

from __future__ import annotations

import copy
import pickle

from skycap.engine.processor import _with, _without

TEXT = "Anna Schmidt to Rom, please"
PARSED = {
    "text": TEXT,
    "intent": {"name": "inform", "confidence": 0.9},
    "entities": [
        {"entity": "name", "start": 0, "end": 12, "value": "Anna Schmidt", "extractor": "DIET"},
        {"entity": "city", "start": 16, "end": 19, "value": "ROM", "role": "destination"},
        {"entity": "name", "value": "Anna"},
    ],
    "text_tokens": [(0, 4), (5, 12)],
}


def test_no_word_of_the_message_is_kept():
    kept = pickle.dumps(_without(TEXT, {**PARSED, "entities": PARSED["entities"][:2]}))
    assert not [word for word in TEXT.replace(",", "").split() if len(word) > 2 and word.encode() in kept]


def test_nothing_is_lost():
    before = copy.deepcopy(PARSED)
    assert _with(TEXT, _without(TEXT, PARSED)) == PARSED == before
