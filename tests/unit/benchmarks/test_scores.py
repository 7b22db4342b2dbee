"""Entity F1, calibration, mean and spread, on numbers that can be worked out by hand."""

from __future__ import annotations

import pytest

from benchmarks.scores import (
    Judgement,
    entity_f1,
    expected_calibration_error,
    f1,
    mean_and_spread,
    reliability,
    share,
    token_labels,
)

TEXT = "from Porto Alegre to Recife"
ORIGIN = {"start": 5, "end": 17, "entity": "city", "role": "origin"}
DESTINATION = {"start": 21, "end": 27, "entity": "city", "role": "destination"}


def test_a_model_as_right_as_it_is_sure_has_no_calibration_error():
    bins = reliability([Judgement(0.75, True)] * 3 + [Judgement(0.75, False)])
    assert [(each.low, each.high, each.count) for each in bins] == [(0.7, 0.8, 4)]
    assert expected_calibration_error(bins) == pytest.approx(0.0)


def test_every_sentence_weighs_the_same_in_the_calibration_error():
    sure = [Judgement(0.95, True)] * 6 + [Judgement(0.95, False)] * 2  # 0.75 of them right: 0.20 too sure
    unsure = [Judgement(0.15, True)] + [Judgement(0.15, False)]  # half of them right: 0.35 too modest
    bins = reliability(sure + unsure)
    assert [each.gap for each in bins] == pytest.approx([0.35, -0.20])
    assert expected_calibration_error(bins) == pytest.approx((2 * 0.35 + 8 * 0.20) / 10)


def test_full_confidence_belongs_to_the_last_interval_and_none_to_the_first():
    bins = reliability([Judgement(1.0, True), Judgement(0.0, False)], bins=5)
    assert [(each.low, each.high) for each in bins] == [(0.0, 0.2), (0.8, 1.0)]


def test_no_sentences_are_no_error():
    assert reliability([]) == []
    assert expected_calibration_error([]) == 0.0
    assert share([]) == 0.0
    assert f1(0, 0, 0) == 0.0


def test_a_token_takes_kind_and_role_of_the_entity_that_covers_most_of_it():
    assert token_labels(TEXT, [ORIGIN, DESTINATION]) == [None, "city.origin", "city.origin", None, "city.destination"]
    overlapping = [{"start": 0, "end": 1, "entity": "time"}, {"start": 1, "end": 4, "entity": "date"}]
    assert token_labels("noon", overlapping) == ["date"]


def test_marks_are_tokens_and_an_entity_beside_a_token_does_not_reach_it():
    assert token_labels("Rome, now", [{"start": 0, "end": 4, "entity": "city"}]) == ["city", None, None]


def test_entities_that_are_all_right_score_one():
    assert entity_f1([(TEXT, [ORIGIN, DESTINATION], [DESTINATION, ORIGIN])]) == (1.0, 1.0)


def test_a_wrong_role_is_wrong():
    swapped = {**DESTINATION, "role": "origin"}
    tokens, spans = entity_f1([(TEXT, [ORIGIN, DESTINATION], [ORIGIN, swapped])])
    assert tokens == pytest.approx(2 / 3)  # two of three tokens, found three, wanted three
    assert spans == pytest.approx(1 / 2)


def test_half_a_name_is_half_right_by_tokens_and_wrong_by_spans():
    half = {**ORIGIN, "end": 10}
    tokens, spans = entity_f1([(TEXT, [ORIGIN], [half])])
    assert tokens == pytest.approx(2 * 1 / (1 + 2))
    assert spans == 0.0


def test_an_entity_where_there_is_none_costs_precision():
    tokens, spans = entity_f1(
        [(TEXT, [DESTINATION], [DESTINATION]), ("now", [], [{"start": 0, "end": 3, "entity": "date"}])]
    )
    assert tokens == spans == pytest.approx(2 / 3)


def test_mean_and_sample_deviation():
    assert mean_and_spread([1.0, 2.0, 3.0]) == pytest.approx((2.0, 1.0))
    assert mean_and_spread([0.7]) == (0.7, 0.0)
