"""Two opinions on the intent become one."""

from __future__ import annotations

import numpy as np

from skycap.nlu.second_opinion import joined


def test_both_opinions_must_find_an_intent_likely():
    own = np.array([0.6, 0.4])
    assert joined(own, ["a", "b"], {"a": 0.01, "b": 0.99}, 0.5).argmax() == 1
    assert np.allclose(joined(own, ["a", "b"], {}, 0.5), np.log(own), atol=1e-3)
