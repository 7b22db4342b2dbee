"""Entities by conditional random fields: trained on a few sentences, stored, loaded without another training."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from sklearn_crfsuite import CRF

from skycap.nlu.fields import NamesCRFEntityExtractor
from skycap.nlu.gazetteer import GazetteerFeaturizer
from skycap.nlu.tokens import BlankSpacyTokenizer

CITIES = ("Oslo", "Rome", "Lima", "Pune", "Bari", "Tunis")
HELD_OUT = """
- intent: search_flights
  metadata: {held_out: true}
  examples: |
    - from Zagreb please
"""


def city(name: str, role: str) -> str:
    return f'[{name}]{{"entity": "city", "role": "{role}"}}'


def sentences() -> str:
    lines = [
        f"    - from {city(one, 'origin')} to {city(other, 'destination')}"
        for one in CITIES
        for other in CITIES
        if one != other
    ]
    lines += [f"    - I like {name}" for name in ("music", "cake", "trains")]
    return "version: '3.1'\nnlu:\n- intent: inform\n  examples: |\n" + "\n".join(lines) + HELD_OUT


@pytest.fixture(scope="module")
def prepared():
    tokenizer = BlankSpacyTokenizer(BlankSpacyTokenizer.get_default_config())
    featurizer = GazetteerFeaturizer("names", GazetteerFeaturizer.get_default_config())

    def prepare(text: str) -> Message:
        message = Message({TEXT: text})
        tokenizer.process([message])
        return featurizer.process([message])[0]

    return tokenizer, featurizer, prepare


@pytest.fixture(scope="module")
def stored(prepared, tmp_path_factory: pytest.TempPathFactory) -> tuple[LocalModelStorage, Resource]:
    tokenizer, featurizer, _ = prepared
    folder: Path = tmp_path_factory.mktemp("fields")
    (folder / "nlu.yml").write_text(sentences(), encoding="utf-8")
    data = featurizer.process_training_data(tokenizer.process_training_data(load_data(str(folder / "nlu.yml"))))
    (folder / "storage").mkdir()
    storage, resource = LocalModelStorage(folder / "storage"), Resource("fields")
    before = deepcopy(data).fingerprint()
    NamesCRFEntityExtractor(NamesCRFEntityExtractor.get_default_config(), storage, resource).train(data)
    assert deepcopy(data).fingerprint() == before, "What trains on the sentences later would train again every time."
    return storage, resource


@pytest.fixture
def extractor(stored, monkeypatch: pytest.MonkeyPatch) -> NamesCRFEntityExtractor:
    def trains(*_: object) -> None:
        raise AssertionError("Loading must not train.")

    monkeypatch.setattr(NamesCRFEntityExtractor, "train_model", trains)
    storage, resource = stored
    return NamesCRFEntityExtractor.load(NamesCRFEntityExtractor.get_default_config(), storage, resource, None)


def test_roles_hold_for_cities_never_seen(extractor, prepared) -> None:
    message = prepared[2]("from Wellington to Nairobi")
    extractor.process([message])
    assert [(each["value"], each["entity"], each["role"]) for each in message.get(ENTITIES)] == [
        ("Wellington", "city", "origin"),
        ("Nairobi", "city", "destination"),
    ]


def test_sentences_kept_out_teach_nothing(extractor, prepared) -> None:
    """ "From Zagreb" stands without its entity among those to calibrate on."""
    message = prepared[2]("from Zagreb")
    extractor.process([message])
    assert [each["entity"] for each in message.get(ENTITIES)] == ["city"]


def test_nothing_is_found_where_nothing_is_named(extractor, prepared) -> None:
    message = prepared[2]("I like cake")
    extractor.process([message])
    assert message.get(ENTITIES) == []


def test_a_model_without_entities_loads(prepared, tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("empty")
    with storage.write_to(resource):
        pass
    extractor = NamesCRFEntityExtractor.load(NamesCRFEntityExtractor.get_default_config(), storage, resource, None)
    message = prepared[2]("from Oslo")
    assert extractor.process([message])[0].get(ENTITIES) == []


@pytest.mark.parametrize("tags", [False, True])
def test_features_and_likeliest_tags_are_those_of_rasas_own_component(prepared, stored, tags: bool) -> None:
    extractor = NamesCRFEntityExtractor.load(NamesCRFEntityExtractor.get_default_config(), *stored, None)
    for text in ("from Oslo to Rome", "I like Lima", "tunis", "with Lufthansa to Bari on LH 123 please"):
        message = prepared[2](text)
        crf_tokens = extractor._convert_to_crf_tokens(message)
        ours = extractor._crf_tokens_to_features(crf_tokens, extractor.component_config, tags)
        theirs = super(NamesCRFEntityExtractor, extractor)._crf_tokens_to_features(
            crf_tokens, extractor.component_config, tags
        )
        assert ours == theirs
        tagger = extractor.entity_taggers["entity"]
        marginals, all_of_them = tagger.predict_marginals_single(ours), CRF.predict_marginals_single(tagger, ours)
        assert extractor._most_likely_tag(marginals) == super(NamesCRFEntityExtractor, extractor)._most_likely_tag(
            all_of_them
        )
