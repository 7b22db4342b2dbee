"""Where the held-out sentences come from, and which intent of a parse is the model's own."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.held_out import best_intent, of_lines, ours

RANKING = [{"name": "nlu_fallback", "confidence": 0.65}, {"name": "thank", "confidence": 0.5}]


def test_the_best_intent_is_the_models_even_when_a_fallback_stands_in_front():
    assert best_intent({"intent": RANKING[0], "intent_ranking": RANKING}) == ("thank", 0.5)


def test_the_best_intent_is_the_likeliest_even_when_a_detail_brought_another_to_the_front():
    ranking = [*RANKING, {"name": "inform", "confidence": 0.3}]
    assert best_intent({"intent": ranking[2], "intent_ranking": ranking}) == ("thank", 0.5)


def test_without_a_ranking_the_intent_itself_counts():
    assert best_intent({"intent": {"name": None, "confidence": 0.0}}) == (None, 0.0)


def test_sentences_of_rasas_files_come_with_intent_and_entities(tmp_path: Path) -> None:
    (tmp_path / "some.yml").write_text(
        'version: "3.1"\nnlu:\n'
        '- intent: search_flights\n  examples: |\n    - to [Oslo]{"entity": "city", "role": "destination"}\n'
        "- intent: faq/pets\n  examples: |\n    - may my cat come along\n"
        "- intent: out_of_scope\n  examples: |\n    - sing me a song\n"
    )
    sentences = {each.text: each for each in ours(tmp_path)}
    assert {text: set(each.intents) for text, each in sentences.items()} == {
        "to Oslo": {"search_flights"},
        "may my cat come along": {"faq"},  # which question it is, the ResponseSelector says
        "sing me a song": {"out_of_scope"},
    }
    [entity] = sentences["to Oslo"].entities
    assert (entity["start"], entity["end"], entity["role"]) == (3, 7, "destination")
    assert [each.text for each in sentences.values() if not each.is_in_scope] == ["sing me a song"]


def test_sentences_of_an_evaluation_file_may_have_several_right_intents(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps({"text": "yes", "intents": ["affirm", "choose_flight"], "label": "yes"}) + "\n")
    [sentence] = of_lines(path)
    assert (sentence.text, sentence.intents) == ("yes", {"affirm", "choose_flight"})
