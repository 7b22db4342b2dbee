"""Several seeds: what differs between the models, what is not trained twice, and the table of what came out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from benchmarks.seeds import fingerprint, main, summary, table, with_seed
from benchmarks.training import TrainingFailed, read_config


class Trainer:
    """Stands for the training: writes an empty archive and remembers what it was given."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.configs: list[dict] = []
        self.fails_at = fails_at

    def __call__(self, config: Path, archive: Path, *, cache: Path) -> None:
        if len(self.configs) + 1 == self.fails_at:
            raise TrainingFailed("no memory left")
        self.configs.append(YAML(typ="safe").load(config))
        archive.touch()


@pytest.fixture
def arguments(tmp_path: Path, held_out: Path) -> list[str]:
    return [str(tmp_path / "nothing"), "--held-out", str(held_out), "--output", str(tmp_path / "seeds")]


def networks(config: dict) -> list[dict]:
    """The components of all languages, and the policies."""
    within = config["pipeline"][-1]["pipelines"].values()
    return [*(each for pipeline in within for each in pipeline), *config["policies"]]


def test_every_network_gets_the_seed_and_nothing_else_changes():
    config = read_config()
    before, after = networks(config), networks(with_seed(config, 42))
    assert {each["name"] for each in after if each.get("random_seed") == 42} == {
        "skycap.nlu.joint.JointIntentClassifier",
        "skycap.nlu.answers.LeanResponseSelector",
        "TEDPolicy",
    }
    assert [each | {"random_seed": 42} for each in before] == [each | {"random_seed": 42} for each in after]
    assert config == read_config()  # what was given is left alone


def test_a_network_without_a_seed_gets_one():
    config = {"pipeline": [{"name": "DIETClassifier"}, {"name": "Other"}], "policies": [{"name": "some.TEDPolicy"}]}
    assert with_seed(config, 3) == {
        "pipeline": [{"name": "DIETClassifier", "random_seed": 3}, {"name": "Other"}],
        "policies": [{"name": "some.TEDPolicy", "random_seed": 3}],
    }


def test_each_seed_is_trained_and_evaluated_once(arguments, make_server, capsys: pytest.CaptureFixture[str]) -> None:
    trainer = Trainer()
    assert main([*arguments, "--seeds", "2", "--epochs", "1"], train=trainer, make_server=make_server) == 0
    seeds = [{each["random_seed"] for each in networks(config) if "random_seed" in each} for config in trainer.configs]
    assert seeds == [{1}, {2}]
    assert {each["epochs"] for config in trainer.configs for each in config["policies"] if "epochs" in each} == {1}
    assert [Path(each["model"]).name[:14] for each in make_server.asked] == ["seed-1-epochs-", "seed-2-epochs-"]
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["seeds"] == [1, 2]
    assert last["held_out_accuracy_before_fallback"] == {"mean": 0.6, "deviation": 0.0}


def test_an_interrupted_run_goes_on_with_the_seed_that_failed(arguments, make_server, capsys) -> None:
    assert main([*arguments, "--seeds", "2"], train=Trainer(fails_at=2), make_server=make_server) == 1
    assert "Seed 2 failed" in capsys.readouterr().err
    again = Trainer()
    assert main([*arguments, "--seeds", "2"], train=again, make_server=make_server) == 0
    assert [config["policies"][-1]["random_seed"] for config in again.configs] == [2]


def test_a_quick_model_is_not_taken_for_a_whole_one(arguments, make_server) -> None:
    main([*arguments, "--seeds", "1", "--epochs", "1"], train=Trainer(), make_server=make_server)
    whole = Trainer()
    main([*arguments, "--seeds", "1"], train=whole, make_server=make_server)
    assert len(whole.configs) == 1


def test_a_changed_sentence_changes_the_fingerprint(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yml", tmp_path / "second.yml"
    first.write_text("a")
    second.write_text("bc")
    before = fingerprint([first, second])
    assert before == fingerprint([first, second])
    first.write_text("ab")  # the same letters, divided otherwise
    second.write_text("c")
    assert fingerprint([first, second]) != before


def test_mean_and_deviation_of_every_figure_that_all_seeds_have():
    reports = {
        1: {"booked": 0.8, "errors": 0, "extra": 1},
        2: {"booked": 0.9, "errors": 0},
        3: {"booked": 1.0, "errors": 3},
    }
    assert summary(reports) == {
        "booked": {"mean": 0.9, "deviation": 0.1},
        "errors": {"mean": 1, "deviation": 1.7321},
    }
    assert table(reports).splitlines() == [
        "|  | seed 1 | seed 2 | seed 3 | mean | deviation |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| booked | 0.8 | 0.9 | 1 | 0.9 | 0.1 |",
        "| errors | 0 | 0 | 3 | 1 | 1.7321 |",
    ]
