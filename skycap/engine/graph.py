"""The prediction graph of a trained model, loaded fast.

Reads a model archive as `rasa train` writes it; puts the quick subclass (skycap/engine/networks.py) in the place of
each of Rasa's components that has one. Training and Rasa's own commands never pass here.
"""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

from rasa.engine import loader
from rasa.engine.graph import ExecutionContext, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata, ModelStorage

from skycap.engine import networks


class QuickGraphRunner(DaskGraphRunner):
    """Rasa's runner over the quick components."""

    def __init__(
        self,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> None:
        super().__init__(quick(graph_schema), model_storage, execution_context, hooks)


def quick(schema: GraphSchema) -> GraphSchema:
    """The same graph with each component replaced by its quick subclass, where there is one."""
    nodes = {name: dataclasses.replace(node, uses=networks.quick(node.uses)) for name, node in schema.nodes.items()}
    return GraphSchema(nodes)


def load(archive: Path) -> tuple[ModelMetadata, QuickGraphRunner]:
    """The model in `archive` (.tar.gz), ready to predict. Raises what Rasa raises for an archive it cannot read."""
    with tempfile.TemporaryDirectory() as directory:
        return loader.load_predict_graph_runner(Path(directory), archive, LocalModelStorage, QuickGraphRunner)
