"""The comparison of pipelines: where the configurations come from, and the program on a handful of sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.data import TrainingType
from ruamel.yaml import YAML

from benchmarks.pipelines import BadPipeline, components_of, configurations, main, table
from benchmarks.training import CONFIG, read_config
from skycap.nlu.lessons import model_of

DEFAULT = """\
language: en
pipeline:
- name: some.Router
  pipelines:
    en:
    - name: WhitespaceTokenizer
    - name: DIETClassifier
      epochs: 9
    - name: some.Opinion
    - name: ResponseSelector
      epochs: 7
    - name: some.DetailsFallbackClassifier
    de:
    - name: WhitespaceTokenizer
policies:
- name: RulePolicy
"""
DOMAIN = """\
version: "3.1"
intents: [greet, search_flights, out_of_scope]
entities: [{city: {roles: [destination]}}]
"""
ROLE = '{"entity": "city", "role": "destination"}'


def names(config: dict) -> list[str]:
    return [each["name"] for each in components_of(config)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(DEFAULT)
    (tmp_path / "others").mkdir()
    return tmp_path


def known(folder: Path) -> dict:
    return configurations(folder / "others", folder / "config.yml")


def test_the_default_comes_first_and_is_what_config_says():
    found = configurations()
    assert next(iter(found)) == "default"
    assert components_of(found["default"]) == components_of(read_config(CONFIG))
    assert list(found["default"]["pipeline"][-1]["pipelines"]) == ["en"]
    assert len(found) >= 5


def test_every_pipeline_answers_and_falls_back_as_the_default_does():
    found = configurations()
    default = components_of(found["default"])
    shared = [each for each in default if each["name"].endswith(("ResponseSelector", "Fallback"))]
    assert shared
    for config in found.values():
        assert components_of(config)[-1] == default[-1]
        assert [each for each in components_of(config) if each in shared] == shared
        assert "policies" not in config


@pytest.mark.parametrize("name", configurations())
def test_every_pipeline_is_one_that_rasa_can_train(name: str) -> None:
    config = configurations()[name]
    assert DefaultV1Recipe().graph_config_for_recipe(config, {}, training_type=TrainingType.NLU).nlu_target
    graph = model_of("en", components_of(config))
    used = {node.uses.__name__ for node in graph.predict_schema.nodes.values()}
    assert {each.rsplit(".", 1)[-1] for each in names(config)} <= used


def test_a_pipeline_of_its_own_ends_as_the_default_does(folder: Path) -> None:
    (folder / "others" / "light.yml").write_text("pipeline:\n- name: A\n- name: B\n")
    light = known(folder)["light"]
    assert names(light) == ["A", "B", "ResponseSelector", "some.DetailsFallbackClassifier"]
    assert light["language"] == "en"


def test_a_component_gives_its_place_to_others(folder: Path) -> None:
    (folder / "others" / "other.yml").write_text("replace: {some.Opinion: [{name: A}, {name: B}]}\n")
    default = names(known(folder)["default"])
    at = default.index("some.Opinion")
    assert names(known(folder)["other"]) == [*default[:at], "A", "B", *default[at + 1 :]]


@pytest.mark.parametrize("text", ["replace: {some.Opinoin: []}", "pipeline: []\nreplace: {}", "", "piepline: []"])
def test_a_file_that_says_neither_is_refused_by_name(folder: Path, text: str) -> None:
    (folder / "others" / "odd.yml").write_text(text)
    with pytest.raises(BadPipeline, match="odd.yml"):
        known(folder)


def test_an_unknown_name_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "diet_alnoe"]) == 1
    assert "diet_alone" in capsys.readouterr().err


def test_the_table_has_a_line_a_figure_and_a_dash_for_what_was_not_measured():
    rows = {"default": {"intent_accuracy": 0.925, "seconds": 61.2}, "light": {"intent_accuracy": 0.8}}
    assert table(rows).splitlines() == [
        "|  | default | light |",
        "| --- | ---: | ---: |",
        "| intents right | 92.5% | 80.0% |",
        "| s of training | 61 | – |",
    ]


def test_an_interrupted_comparison_goes_on_with_what_has_no_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, accuracy in (("default", 0.9), ("diet_alone", 0.7)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"intent_accuracy": accuracy, "seconds": 60.0}))
    assert main(["--resume", "--only", "default", "diet_alone", "--output", str(tmp_path)]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert "| intents right | 90.0% | 70.0% |" in shown
    assert list(json.loads(shown[-1])) == ["default", "diet_alone"]
    assert (tmp_path / "pipelines.png").is_file()


def test_the_program_trains_measures_and_draws(
    tmp_path: Path, held_out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = {
        "greet": ["hello", "hello again", "hello all"],
        "search_flights": [f"fly to [{each}]{ROLE}" for each in ("Bergen", "Porto")],
        "out_of_scope": ["sing for me", "tell me a tale", "paint a horse"],
    }
    examples = [{"intent": name, "examples": "".join(f"- {each}\n" for each in said)} for name, said in data.items()]
    for name, content in (("data", {"version": "3.1", "nlu": examples}), ("domain", YAML(typ="safe").load(DOMAIN))):
        (tmp_path / name).mkdir()
        with (tmp_path / name / "some.yml").open("w") as file:
            YAML().dump(content, file)
    arguments = ["--quick", "--only", "words_logistic", "--data", str(tmp_path / "data")]
    arguments += ["--domain", str(tmp_path / "domain"), "--held-out", str(held_out), "--output", str(tmp_path / "made")]
    status = main(arguments)
    shown = capsys.readouterr()
    assert status == 0, shown.err
    row = json.loads(shown.out.splitlines()[-1])["words_logistic"]
    assert row["sentences"] == 5
    assert row["best_intent_accuracy"] >= 0.4  # both greetings, at the least
    assert row["seconds"] > 0 and row["milliseconds"] > 0 and 0 < row["archive_megabytes"] < row["process_megabytes"]
    assert (tmp_path / "made" / "pipelines.png").read_bytes().startswith(b"\x89PNG")
    kept = YAML(typ="safe").load(tmp_path / "made" / "words_logistic.yml")
    assert {each["epochs"] for each in components_of(kept) if "epochs" in each} == {1}
