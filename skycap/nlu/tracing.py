"""What Rasa's training cache knows sentences by while a language is trained: the step that wrote into them last.

Under LanguageRouter, which gives its trainer such sentences and the hook.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.training.components import PrecomputedValueProvider
from rasa.engine.training.hooks import TrainingHook
from rasa.shared.nlu.training_data.training_data import TrainingData


class Traced(TrainingData):
    """Sentences whose fingerprint is that of the last step that wrote into them, once there was one.

    Equal steps write equal things. To take the fingerprint of all tokens and features after each step, as Rasa does,
    is a tenth of a training.
    """

    written_by: str | None = None

    def fingerprint(self) -> str:
        return self.written_by or super().fingerprint()


class Tracing(TrainingHook):
    """Rasa's hook, which keeps what a step gave in the training cache; tells the sentences which step it was."""

    def on_after_node(
        self,
        node_name: str,
        execution_context: ExecutionContext,
        config: dict[str, Any],
        output: Any,
        input_hook_data: dict[str, Any],
    ) -> None:
        if isinstance(output, Traced) and self._pruned_schema.nodes[node_name].uses is not PrecomputedValueProvider:
            output.written_by = input_hook_data["fingerprint_key"]
        super().on_after_node(node_name, execution_context, config, output, input_hook_data)
