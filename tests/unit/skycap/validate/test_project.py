"""Rasa's checks of a whole project: faults are found, the two false alarms are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from skycap.validate.project import validate_project

SENTENCES = "\n".join(
    f"      - {word}" for word in ("hi", "hello", "hey", "hiya", "ahoy", "yo", "salut", "morning", "evening", "howdy")
)
QUESTIONS = "\n".join(f"      - may I bring {count} bags" for count in range(10))
FILES = {
    "config.yml": "recipe: default.v1\nassistant_id: small\nlanguage: en\n"
    "pipeline:\n  - name: WhitespaceTokenizer\npolicies:\n  - name: RulePolicy\n",
    "domain.yml": 'version: "3.1"\nintents: [greet, faq]\nactions: [action_book]\n'
    "responses:\n  utter_greet: [{text: Hello}]\n  utter_booked: [{text: Booked}]\n  utter_faq/bags: [{text: Two}]\n",
    "data/nlu/en/shared.yml": f'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n{SENTENCES}\n'
    f"  - intent: faq/bags\n    examples: |\n{QUESTIONS}\n",
    "data/rules/shared.yml": 'version: "3.1"\nrules:\n'
    "  - rule: A greeting is returned\n    steps: [{intent: greet}, {action: utter_greet}]\n"
    "  - rule: A question is answered\n    steps: [{intent: faq}, {action: utter_faq}]\n",
    "actions/booking.py": 'say(response="utter_booked")\n',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for file, text in FILES.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_project_with_actions_and_retrieval_intents_is_well(root):
    assert [str(each) for each in validate_project(root)] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("actions/booking.py", "utter_booked", "utter_other", "The utterance 'utter_booked' is not used"),
        ("domain.yml", "intents: [greet, faq]", "intents: [greet, faq, stop]", "The intent 'stop' is listed"),
        ("data/rules/shared.yml", "action: utter_greet", "action: action_gone", "The action 'action_gone' is used"),
        ("data/rules/shared.yml", "{intent: faq}", "{intent: greet}", "contradicting"),
        ("config.yml", "WhitespaceTokenizer", "no.such.Tokenizer", "No module named 'no'"),
        ("config.yml", "assistant_id: small\n", "", "'assistant_id'"),
        ("domain.yml", "intents: [greet, faq]", "intents: {greet: 1", "domain.yml"),
    ],
)
def test_a_fault_is_found(root, file, old, new, expected):
    path = root / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    found = validate_project(root)
    assert any(expected in str(each) for each in found if each.is_error), [str(each) for each in found]
