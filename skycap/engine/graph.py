"""The prediction graph of a trained model, loaded and run with less work.

Reads a model archive as `rasa train` writes it; puts the quick subclass (skycap/engine/networks.py) in the place of
each of Rasa's components that has one. A node is run when another needs its output, policies only while the next action
is undecided (skycap/engine/policies.py). Training and Rasa's own commands never pass here.
"""

from __future__ import annotations

import dataclasses
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.policy import Policy
from rasa.engine import loader
from rasa.engine.graph import ExecutionContext, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from tarsafe import TarSafeException
from threadpoolctl import threadpool_limits

from skycap.engine import domain, features, networks, policies
from skycap.nlu.languages import LanguageRouter


class QuickGraphRunner(DaskGraphRunner):
    """Rasa's runner over the quick components, without a schedule: one node after the other, in this thread."""

    def __init__(
        self,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> None:
        super().__init__(quick(graph_schema), model_storage, execution_context, hooks)
        self._ensembles = {
            name: self._policies_of(node.needs.values())
            for name, node in self._graph_schema.nodes.items()
            if node.uses is DefaultPolicyPredictionEnsemble
        }

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        outputs = dict(inputs or {})
        for target in targets or self._graph_schema.target_names:
            self._run(target, outputs)
        return {target: outputs[target] for target in targets or self._graph_schema.target_names}

    def _run(self, name: str, outputs: dict[str, Any]) -> None:
        """Put the output of the node `name` under its name, and those of the nodes it needs."""
        if name in outputs or name not in self._instantiated_nodes:
            return
        if name in self._ensembles:
            self._ask_policies(name, outputs)
        needs = self._graph_schema.nodes[name].needs.values()
        for need in needs:
            self._run(need, outputs)
        # a node is given the bare name of an input that nobody has, and says so
        given = [(need, outputs[need]) if need in outputs else need for need in needs]
        _, outputs[name] = self._instantiated_nodes[name](*given)

    def _policies_of(self, names: Iterable[str]) -> dict[str, Policy]:
        nodes = {name: self._instantiated_nodes[name]._component for name in names if name in self._instantiated_nodes}
        found = {name: each for name, each in nodes.items() if isinstance(each, Policy)}
        return {name: found[name] for name in sorted(found, key=lambda name: policies.turn_of(found[name]))}

    def _ask_policies(self, ensemble: str, outputs: dict[str, Any]) -> None:
        """Put their predictions into `outputs`; for those not asked None, which the ensemble passes over."""
        needs = self._graph_schema.nodes[ensemble].needs
        for name in ("domain", "tracker"):
            self._run(needs[name], outputs)
        known, tracker = (outputs[needs[name]] for name in ("domain", "tracker"))
        certain = False
        for name, policy in self._ensembles[ensemble].items():
            if certain and policies.may_be_skipped(policy):
                outputs[name] = None
                continue
            self._run(name, outputs)
            certain = policies.is_certain(outputs[name], tracker, known)


class QuickLanguageRouter(LanguageRouter):
    """Asks the pipelines of its languages as quickly."""

    runner = QuickGraphRunner


def quick(schema: GraphSchema) -> GraphSchema:
    """The same graph with each component replaced by its quick subclass, where there is one."""
    kinds = {
        name: policies.quick(networks.quick(features.quick(domain.quick(node.uses))))
        for name, node in schema.nodes.items()
    }
    kinds |= {name: QuickLanguageRouter for name, kind in kinds.items() if kind is LanguageRouter}
    return GraphSchema({name: dataclasses.replace(node, uses=kinds[name]) for name, node in schema.nodes.items()})


class QuickStorage(LocalModelStorage):
    """Unpacks an archive in one pass, where Rasa's looks through all of it first."""

    @staticmethod
    def _extract_archive_to_directory(model_archive_path: str | Path, temporary_directory: Path) -> None:
        """Raises TarSafeException for a member that is no file or folder, or would lie elsewhere."""
        here = Path(temporary_directory).resolve()
        with tarfile.open(model_archive_path, "r:gz") as archive:
            for member in archive:
                inside = (here / member.name).resolve().is_relative_to(here)
                if not inside or not (member.isfile() or member.isdir()):
                    raise TarSafeException(f"{member.name} is no file of a model.")
                archive.extract(member, here)
        LocalModelStorage._assert_not_rasa2_archive(here)


def load(archive: Path) -> tuple[ModelMetadata, QuickGraphRunner]:
    """The model in `archive` (.tar.gz), ready to predict. Raises what Rasa raises for an archive it cannot read."""
    threadpool_limits(1, user_api="blas")  # matrices of one message: threads would only wait for each other
    with tempfile.TemporaryDirectory() as directory:
        return loader.load_predict_graph_runner(Path(directory), archive, QuickStorage, QuickGraphRunner)
