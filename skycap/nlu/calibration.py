"""Confidence that means something: a temperature and two thresholds, fitted on sentences kept out of the training.

Used by JointIntentClassifier when it trains; numbers in, numbers out. A confidence of 0.8 should be right in eight of
ten cases (Guo et al., 2017: temperature scaling); then a cost decides where to ask again and where to refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar


@dataclass(frozen=True)
class Calibration:
    """What was fitted. `ask_below` and `refuse_from` are confidences in 0..1; `sentences` says on how many."""

    temperature: float = 1.0
    ask_below: float = 0.35
    refuse_from: float = 0.5
    sentences: int = 0
    error: float | None = None


def probabilities(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax over the last axis at a temperature; shape stays."""
    exponents = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return exponents / exponents.sum(axis=-1, keepdims=True)


def fit(
    logits: np.ndarray, right: np.ndarray, refused: int | None, cost_of_asking: float, cost_of_refusing: float
) -> Calibration:
    """The calibration for `logits`, shape (sentences, intents), whose right columns are `right`.

    `refused` is the column of out_of_scope, if there is one. Costs: a wrong guess is 1, asking again `cost_of_asking`;
    answering what is out of scope is 1, refusing what is in scope `cost_of_refusing`.
    """
    temperature = fit_temperature(logits, right)
    likely = probabilities(logits, temperature)
    calibration = Calibration(temperature=temperature, sentences=len(right))
    inside = np.ones(len(right), dtype=bool)
    refuse_from = calibration.refuse_from
    if refused is not None:
        inside = right != refused
        refuse_from = cheapest_refusal(likely[:, refused], ~inside, cost_of_refusing)
        likely = np.delete(likely, refused, axis=1)
        right = right - (right > refused)
    best = likely[inside].argmax(axis=1)
    return Calibration(
        temperature=temperature,
        ask_below=cheapest_question(likely[inside].max(axis=1), best == right[inside], cost_of_asking),
        refuse_from=refuse_from,
        sentences=len(inside),
        error=calibration_error(likely[inside].max(axis=1), best == right[inside]),
    )


def fit_temperature(logits: np.ndarray, right: np.ndarray) -> float:
    """The temperature with the least negative log-likelihood of the right columns."""

    def loss(temperature: float) -> float:
        return -np.log(probabilities(logits, temperature)[np.arange(len(right)), right] + 1e-12).mean()

    return float(minimize_scalar(loss, bounds=(0.1, 5.0), method="bounded").x)


def cheapest_question(confidence: np.ndarray, right: np.ndarray, cost_of_asking: float) -> float:
    """Below which confidence asking again costs less than guessing, given how often a guess was right.

    Steps of 0.05: a finer step would be fitted to single sentences. The curve is flat, and each training puts its
    lowest point elsewhere; so of the steps that are dearer by no more than one standard error the one nearest to the
    usual threshold is taken. Never one below it, unless asking costs more than such a guess: sentences kept out are of
    the same hands as those learnt from, and guesses about travellers' own are right less often.
    """
    steps = np.arange(0.0, 0.96, 0.05)
    costs = np.array([np.where(confidence < step, cost_of_asking, ~right) for step in steps])
    dearer = costs - costs[int(np.argmin(costs.mean(axis=1)))]
    alike = dearer.mean(axis=1) <= dearer.std(axis=1) / np.sqrt(len(right)) + 1e-12
    nearest = min(steps[alike], key=lambda step: abs(step - Calibration.ask_below))
    return round(max(float(nearest), min(Calibration.ask_below, 1 - cost_of_asking)), 2)


def cheapest_refusal(likely: np.ndarray, outside: np.ndarray, cost_of_refusing: float) -> float:
    """From which probability of out_of_scope on to refuse; both kinds of sentences weigh the same in sum."""
    if outside.all() or not outside.any():
        return Calibration.refuse_from
    steps = np.arange(0.05, 0.96, 0.05)
    costs = [cost_of_refusing * (likely[~outside] >= step).mean() + (likely[outside] < step).mean() for step in steps]
    return round(float(steps[int(np.argmin(costs))]), 2)


def calibration_error(confidence: Sequence[float] | np.ndarray, right: Sequence[bool] | np.ndarray) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over ten bins, by their size."""
    confidence, right = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = [
        abs(confidence[bins == each].mean() - right[bins == each].mean()) * (bins == each).mean()
        for each in np.unique(bins)
    ]
    return round(float(sum(gaps)), 4)
