"""Entity spans and roles by conditional random fields that know the names of flights/.

In the pipeline's place of CRFEntityExtractor, whose options it takes. Reads tokens and text, writes entities with
roles. Each token carries which kind of known name it is part of, so that the fields learn "from PLACE to PLACE",
whatever the place. Blocks marked `held_out` are no part of the training; what was trained is stored, where Rasa's own
component trains anew at every load.
"""

from __future__ import annotations

import shutil
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import Any

import sklearn_crfsuite
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor, CRFEntityExtractorOptions, CRFToken
from rasa.nlu.utils.bilou_utils import tag_without_prefix
from rasa.shared.nlu.constants import NO_ENTITY_TAG, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap.nlu.gazetteer import known_names
from skycap.nlu.joint import marked

_bare = cache(tag_without_prefix)
AROUND = ["low", "suffix3", "pattern"]
FEATURES = [
    ["low", "pattern"],
    AROUND,
    ["low", "bias", "prefix2", "prefix5", "suffix2", "suffix3", "suffix5", "digit", "pattern"],
    AROUND,
    ["low", "pattern"],
]


class _Fields(sklearn_crfsuite.CRF):
    """Conditional random fields that do not say how unlikely everything else is where a token is likely no entity."""

    def predict_marginals_single(self, xseq: list[dict[str, Any]]) -> list[dict[str, float]]:
        tagger = self.tagger_
        tagger.set(xseq)
        labels, marginal = tagger.labels(), tagger.marginal
        found = []
        for place in range(len(xseq)):
            nothing = marginal(NO_ENTITY_TAG, place) if NO_ENTITY_TAG in labels else 0.0
            certain = {NO_ENTITY_TAG: nothing} if nothing > 0.5 else None
            found.append(certain or {label: marginal(label, place) for label in labels})
        return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NamesCRFEntityExtractor(CRFEntityExtractor):
    """Rasa's conditional random fields with known names as features, stored as trained.

    Option `language`: a code, default `en`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        own = {"features": FEATURES, "split_entities_by_comma": False, "language": "en"}
        return {**CRFEntityExtractor.get_default_config(), **own}

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NamesCRFEntityExtractor:
        extractor = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            stored = {path.stem: path.read_bytes() for path in directory.glob("*.crfsuite")}
        taggers = OrderedDict()
        for tag in extractor.crf_order:
            if tag in stored:
                tagger = _Fields(algorithm="lbfgs")  # its model file lives as long as the tagger
                tagger.modelfile.ensure_name()
                Path(tagger.modelfile.name).write_bytes(stored[tag])
                taggers[tag] = tagger
        extractor.crf_order = list(taggers)
        extractor.entity_taggers = taggers or None
        return extractor

    def train(self, training_data: TrainingData) -> Resource:
        # On copies: Rasa writes its tags into the sentences, and what trains on them after that would never be found in
        # the training cache again.
        own = [each for each in training_data.training_examples if not marked(each, "held_out")]
        return super().train(TrainingData([Message(each.data, features=each.features) for each in own]))

    def persist(self, dataset: list[list[CRFToken]]) -> None:
        with self._model_storage.write_to(self._resource) as directory:
            for tag, tagger in self.entity_taggers.items():
                shutil.copyfile(tagger.modelfile.name, directory / f"{tag}.crfsuite")

    def _convert_to_crf_tokens(self, message: Message) -> list[CRFToken]:
        names = known_names(message.get(TEXT), self.component_config["language"])
        converted = super()._convert_to_crf_tokens(message)
        for token, crf in zip(message.get(TOKENS_NAMES[TEXT]), converted, strict=True):
            crf.pattern = {
                name["entity"]: True for name in names if token.start < name["end"] and name["start"] < token.end
            }
        return converted

    @classmethod
    def _crf_tokens_to_features(
        cls, crf_tokens: list[CRFToken], config: dict[str, Any], include_tag_features: bool = False
    ) -> list[dict[str, Any]]:
        """As Rasa's, but each feature of a token is found once, not again for each of its neighbours."""
        tag = [CRFEntityExtractorOptions.ENTITY] if include_tag_features else []
        around = [[*features, *tag] for features in config["features"]]
        half, count = len(around) // 2, len(crf_tokens)
        known = [
            {name: cls.function_dict[name](token) for name in {name for each in around for name in each}}
            for token in crf_tokens
        ]
        rows = []
        for place in range(count):
            row: dict[str, Any] = {}
            for distance, features in enumerate(around, -half):
                if not 0 <= place + distance < count:
                    row["EOS" if distance > 0 else "BOS"] = True
                    continue
                token = known[place + distance]
                for name in features:
                    if name == CRFEntityExtractorOptions.PATTERN:
                        row.update({f"{distance}:{name}:{each}": hit for each, hit in token[name].items()})
                    else:
                        row[f"{distance}:{name}"] = token[name]
            rows.append(row)
        return rows

    def _most_likely_tag(self, predictions: list[dict[str, float]]) -> tuple[list[str], list[float]]:
        """The likeliest tag of each token; its confidence counts the tags of an entity's beginning, middle and end."""
        tags = [max(each, key=each.__getitem__) for each in predictions]
        if not self.component_config["BILOU_flag"]:
            return tags, [each[tag] for each, tag in zip(predictions, tags, strict=True)]
        bare = [_bare(tag) for tag in tags]
        return tags, [
            sum(likely for name, likely in each.items() if _bare(name) == mine)
            for each, mine in zip(predictions, bare, strict=True)
        ]
