"""The first step of the pipeline: messages as the bot sees them, training data with its spans in place."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from skycap.cleaning import MAX_CHARACTERS, clean
from skycap.nlu.cleaning import TextCleaner
from skycap.settings import ROOT

FILES = sorted((ROOT / "data" / "nlu").rglob("*.yml"))


def said(text: str) -> str:
    message = Message({TEXT: text})
    assert TextCleaner().process([message]) == [message]
    return message.get(TEXT)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("👍", "yes"),
        ("Ｂｅｒｌｉｎ\u200b  to\nRome", "Berlin to Rome"),
        ('/inform{"city": "Rome"}', 'inform{"city": "Rome"}'),
        ("to Rome", "to Rome"),
        (" ", ""),
        ("x" * (MAX_CHARACTERS + 1), ""),
    ],
)
def test_a_message_is_understood_as_the_bot_sees_it(text: str, understood: str) -> None:
    assert said(text) == clean(text).text == understood
    assert said(understood) == understood


def test_a_message_without_text_stays_without() -> None:
    message = Message({"action_name": "action_listen"})
    TextCleaner().process([message])
    assert message.data == {"action_name": "action_listen"}


def test_examples_are_cleaned_unless_spans_would_move() -> None:
    span = {"start": 3, "end": 9, "value": "BER", "entity": "city"}
    examples = [Message({TEXT: "👍"}), Message({TEXT: "🙏 Berlin", ENTITIES: [span]})]
    cleaned = TextCleaner().process_training_data(TrainingData(examples)).training_examples
    assert [each.get(TEXT) for each in cleaned] == ["yes", "🙏 Berlin"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_sentence_with_spans_is_written_as_the_bot_sees_it(path: Path) -> None:
    importer = RasaFileImporter(training_data_paths=[str(path)])
    annotated = [each.get(TEXT) for each in importer.get_nlu_data().training_examples if each.get(ENTITIES)]
    assert [text for text in annotated if clean(text).text != text] == []


def test_cleaning_is_the_first_step() -> None:
    assert YAML(typ="safe").load(ROOT / "config.yml")["pipeline"][0]["name"] == "skycap.nlu.cleaning.TextCleaner"
