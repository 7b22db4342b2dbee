"""What `make train` says of a training, read from what Rasa logs."""

from __future__ import annotations

import inspect
import logging

from rasa.engine.training import hooks

from benchmarks.retraining import HOOKS, Steps, said


def logged(*messages: str) -> Steps:
    steps = Steps()
    for message in messages:
        steps.handle(logging.LogRecord(HOOKS, logging.INFO, "", 0, message, None, None))
    return steps


def test_a_line_names_what_was_trained_and_what_it_took() -> None:
    steps = logged(
        "Starting to train component 'RulePolicy'.",
        "Finished training component 'RulePolicy'.",
        "Restored component 'TEDPolicy' from cache.",
    )
    line = said(steps, 61.4, 90.2, 2048.0)
    assert (
        line
        == "Trained RulePolicy; unchanged: TEDPolicy. 61 s in all, 90 s of the processor, at most 2048 MB a process."
    )


def test_components_of_a_language_are_named_with_it() -> None:
    steps = logged(
        "Starting to train component 'LanguageRouter'.",
        "Language 'en': 12 sentences.",
        "Restored component 'ResponseSelector' from cache.",
        "Language 'de': 10 sentences.",
        "Starting to train component 'ResponseSelector'.",
        "Finished training component 'LanguageRouter'.",
        "Starting to train component 'TEDPolicy'.",
    )
    line = said(steps, 1, 1, 1)
    assert line.startswith("Trained ResponseSelector (de), TEDPolicy; unchanged: ResponseSelector (en). ")


def test_nothing_to_train_is_said() -> None:
    assert said(logged(), 20.0, 19.0, 900.0).startswith("Trained nothing. 20 s")
    router = logged(
        "Starting to train component 'LanguageRouter'.", "Restored component 'ResponseSelector' from cache."
    )
    assert said(router, 20.0, 19.0, 900.0).startswith("Trained nothing; unchanged: ResponseSelector. 20 s")


def test_rasa_still_logs_what_is_read_here() -> None:
    assert hooks.logger.name == HOOKS
    source = inspect.getsource(hooks)
    assert "Starting to train component '{" in source
    assert "Restored component '{" in source
