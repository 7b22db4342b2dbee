"""Rasa's own checks of the project, without its two false alarms and with the one it leaves to training.

Reads domain.yml, config.yml, data/ and the replies of languages/ through the importer that config.yml names. Rasa's
validator reports each response that only code says and each retrieval intent as a fault (ADR 0008); contradictions
between rules and stories it passes, and training refuses them minutes later, so RulePolicy is asked here. Imports
TensorFlow, as Rasa's validator does: about 3 s.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.validation import validate
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.common import EXPECTED_WARNINGS
from rasa.validator import Validator

from skycap.data import languages
from skycap.nlu.lessons import model_of
from skycap.validate.findings import Finding
from skycap.validate.replies import responses_of_code
from skycap.validate.sentences import check_sentences, read_sentences
from skycap.validate.translations import check_translations, check_words

UNUSED_RESPONSE = re.compile(r"The utterance '([^']+)' is not used in any story or rule")
DUPLICATED_INTENTS = re.compile(r"The following duplicated intents have been found across multiple domain files: (.+)")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def validate_project(root: Path) -> list[Finding]:
    """Everything found in the project at `root`, in the order of the checks."""
    sentences, findings = read_sentences(root)
    if findings:
        return findings
    try:
        with _heard(findings, root, domain=None):
            importer = TrainingDataImporter.load_from_config(
                str(root / "config.yml"), str(root / "domain.yml"), [str(root / "data")]
            )
            domain = importer.get_domain()
    except RasaException as error:
        return [Finding("domain.yml", _first_line(error), "Correct it; nothing else was checked.")]
    findings[:] = [each for each in findings if not _is_retrieval_alarm(each.what, domain)]
    findings += check_sentences(sentences, _entities(domain))
    findings += check_words(languages(importer.get_config()))
    findings += check_translations(root, importer.get_config(), domain.responses)
    with _heard(findings, root, domain=domain):
        validator = Validator.from_importer(importer)
        validator.warn_if_config_mandatory_keys_are_not_set()
        for check in _checks(validator):
            if not check():
                findings.append(
                    Finding("domain.yml, data/", f"Rasa's check {check.__name__} failed.", "The lines above say why.")
                )
    findings += _unknown_components(importer)
    findings += _contradictions(importer, domain)
    return list(dict.fromkeys(findings))


def _checks(validator: Validator) -> list[Callable[[], bool]]:
    return [
        validator.verify_domain_validity,
        validator.verify_actions_in_stories_rules,
        validator.verify_forms_in_stories_rules,
        validator.verify_form_slots,
        validator.verify_slot_mappings,
        validator.verify_nlu,
        validator.verify_story_structure,
    ]


class _Listener(logging.Handler):
    """Collects what Rasa logs as warnings: conflicts between stories come that way."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _heard(findings: list[Finding], root: Path, *, domain: Domain | None) -> Iterator[None]:
    """Turn what Rasa says meanwhile, as warnings or in its log, into findings."""
    listener, log = _Listener(), logging.getLogger("rasa")
    propagate, level = log.propagate, log.level
    log.addHandler(listener)
    log.propagate = False
    log.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
    finally:
        log.removeHandler(listener)
        log.propagate = propagate
        log.setLevel(level)
    said = [str(each.message) for each in caught if issubclass(each.category, UserWarning) and not _is_expected(each)]
    used = responses_of_code(root, _form_slots(domain)) if domain else set()
    for text in [*said, *listener.said]:
        what = _first_line(text)
        unused = UNUSED_RESPONSE.search(what)
        if unused and unused.group(1) in used:
            continue
        advice = (
            "Say it in a rule, a story or an action, or remove it."
            if unused
            else "Correct it in domain.yml, config.yml or data/."
        )
        findings.append(Finding("domain.yml" if unused else "domain.yml, data/", what, advice))


def _is_expected(warning: warnings.WarningMessage) -> bool:
    """Whether Rasa's own commands hide this warning too."""
    return any(
        issubclass(warning.category, category) and re.match(pattern, str(warning.message))
        for category, pattern in EXPECTED_WARNINGS
    )


def _first_line(message: object) -> str:
    return ANSI.sub("", str(message)).strip().splitlines()[0].strip()


def _is_retrieval_alarm(text: str, domain: Domain) -> bool:
    """Whether Rasa complains that a retrieval intent is known from the domain as well as from the sentences."""
    found = DUPLICATED_INTENTS.search(text)
    return bool(found) and set(found.group(1).split(", ")) <= set(domain.retrieval_intents)


def _form_slots(domain: Domain) -> set[str]:
    return {slot for form in domain.form_names for slot in domain.required_slots_for_form(form)}


def _entities(domain: Domain) -> dict[str, set[str]]:
    return {entity: set(domain.entity_properties.roles.get(entity, ())) for entity in domain.entities}


def _unknown_components(importer: TrainingDataImporter) -> list[Finding]:
    """Build the graphs of config.yml, its own and each language's: that loads every component by its name."""
    config = importer.get_config()
    try:
        DefaultV1Recipe().graph_config_for_recipe(config, {})
        for each in config.get("pipeline") or ():
            for code, components in each.get("pipelines", {}).items():
                validate(model_of(code, components))
    except (RasaException, ImportError, AttributeError) as error:
        return [Finding("config.yml", f"A component cannot be loaded: {_first_line(error)}.", "Correct its name.")]
    return []


def _contradictions(importer: TrainingDataImporter, domain: Domain) -> list[Finding]:
    """What training would refuse: a rule that another rule or a story contradicts."""
    trackers = TrainingDataGenerator(
        importer.get_stories(), domain, augmentation_factor=0, use_story_concatenation=False
    ).generate()
    with TemporaryDirectory() as folder:
        policy = RulePolicy(
            RulePolicy.get_default_config(),
            LocalModelStorage(Path(folder)),
            Resource("rules"),
            ExecutionContext(GraphSchema({})),
        )
        try:
            policy.train(trackers, domain)
        except RasaException as error:
            lines = [line.strip("- ").strip() for line in ANSI.sub("", str(error)).splitlines()]
            said = [line for line in lines if line and "find more information" not in line]
            return [Finding("data/rules, data/stories", line, "Change one of the two.") for line in said]
    return []
