"""Temperature, thresholds and calibration error, on numbers whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from skycap.nlu.calibration import (
    Calibration,
    calibration_error,
    cheapest_question,
    cheapest_refusal,
    fit,
    fit_temperature,
    probabilities,
)


def drawn(temperature: float, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and answers drawn from their softmax at `temperature`."""
    random = np.random.default_rng(0)
    logits = random.normal(size=(count, 5)) * 3
    likely = probabilities(logits, temperature)
    return logits, np.array([random.choice(5, p=row) for row in likely])


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_the_temperature_that_made_the_answers_is_found(temperature):
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.1)


def test_asking_pays_where_a_guess_is_wrong_more_often_than_asking_costs():
    confidence = np.array(([0.11] * 10 + [0.31] * 10 + [0.9] * 10) * 50)
    right = np.array(([True] + [False] * 9 + [True] * 5 + [False] * 5 + [True] * 10) * 50)
    assert cheapest_question(confidence, right, cost_of_asking=0.75) == pytest.approx(0.3)
    assert cheapest_question(confidence, right, cost_of_asking=0.4) == pytest.approx(0.35)
    assert cheapest_question(confidence, right, cost_of_asking=1.1) == pytest.approx(0.1)


def test_where_the_sentences_cannot_tell_the_usual_threshold_is_taken():
    confidence, right = np.linspace(0.05, 0.95, 40), np.array([True, False] * 20)
    assert cheapest_question(confidence, right, cost_of_asking=0.5) == Calibration.ask_below


def test_a_doubtful_guess_is_a_question_even_where_guesses_about_our_own_sentences_are_right():
    confidence, right = np.linspace(0.05, 0.95, 400), np.full(400, True)
    assert cheapest_question(confidence, right, cost_of_asking=0.5) == Calibration.ask_below
    assert cheapest_question(confidence, right, cost_of_asking=0.9) == pytest.approx(0.1)


def test_refusing_becomes_rarer_when_it_costs_more():
    likely = np.array([0.91, 0.71, 0.31, 0.61, 0.21, 0.11])
    outside = np.array([True, True, True, False, False, False])
    assert cheapest_refusal(likely, outside, cost_of_refusing=0.5) < 0.35
    assert cheapest_refusal(likely, outside, cost_of_refusing=5.0) > 0.61


def test_without_negatives_nothing_is_refused_by_a_fitted_number():
    assert cheapest_refusal(np.array([0.1]), np.array([False]), 1.0) == Calibration.refuse_from


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    assert calibration_error([0.75] * 4, [True, True, True, False]) == 0.0
    assert calibration_error([0.95] * 4, [True, True, False, False]) == pytest.approx(0.45)
    assert calibration_error([0.95, 0.95, 0.05, 0.05], [True, False, False, False]) == pytest.approx(0.25)


def test_a_fit_leaves_the_refused_intent_out_of_the_question():
    logits, right = drawn(1.0)
    calibration = fit(logits, right, refused=2, cost_of_asking=0.65, cost_of_refusing=2.0)
    assert calibration.temperature == pytest.approx(1.0, rel=0.1)
    assert calibration.sentences == 4000
    assert 0.2 <= calibration.refuse_from <= 0.7
    assert calibration.error < 0.2
