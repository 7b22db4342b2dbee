"""Neural networks written down as ONNX graphs in memory, and run by onnxruntime in the calling thread.

Under the sentence encoders (skycap/nlu/minilm.py, skycap/nlu/universal.py), which have weights and no graph. A
`Network` is described layer by layer; `session()` makes it runnable. On a short sentence the time goes into fetching
weights from memory, so they are kept in 8 bits each, and activations are rounded to 8 bits for the products (dynamic
quantisation; ADR 0011 has what it costs and brings).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSET = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
IR_VERSION = 9  # of the file format, the one that came with opset 18
LARGEST = 63  # of a weight: sums of two products then fit 16 bits, so that every processor gives the same


class Network:
    """A graph under construction. Values are named by strings; each method adds a layer and returns its output."""

    def __init__(self, quantised: bool) -> None:
        """Weights of `dense` layers take 8 bits where `quantised`, else 32."""
        self._quantised = quantised
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, value: Any) -> str:
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """ONNX's operator `kind`, or onnxruntime's own one with `domain="com.microsoft"`."""
        return self.parts(kind, 1, *inputs, **attributes)[0]

    def parts(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """As `op`, for an operator with several outputs."""
        names = [f"value{len(self._nodes)}_{each}" for each in range(outputs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names

    def dense(self, value: str, kernel: np.ndarray, bias: np.ndarray) -> str:
        """value @ kernel + bias; kernel of shape (inputs, units)."""
        if not self._quantised:
            return self.op("Add", self.op("MatMul", value, self.constant(kernel)), self.constant(bias))
        scale = (np.abs(kernel).max(axis=0) / LARGEST).astype(np.float32)
        weights = [np.round(kernel / scale).astype(np.int8), scale, np.zeros(len(scale), dtype=np.int8), bias]
        constants = [self.constant(each) for each in weights]
        return self.op("DynamicQuantizeMatMul", value, *constants, domain="com.microsoft")

    def norm(self, value: str, gamma: np.ndarray, beta: np.ndarray, epsilon: float) -> str:
        return self.op("LayerNormalization", value, self.constant(gamma), self.constant(beta), epsilon=epsilon)

    def mean(self, value: str) -> str:
        """The mean over the tokens, shape (1, tokens, units) to (1, units)."""
        return self.op("ReduceMean", value, self.constant(np.array([1])), keepdims=0)

    def session(self, inputs: dict[str, list[int | str]], output: str) -> onnxruntime.InferenceSession:
        """What runs the network: inputs by name and shape (32-bit floats), the value `output` out. No threads."""
        graph = helper.make_graph(
            self._nodes,
            "network",
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs.items()],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=OPSET, ir_version=IR_VERSION)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # the caller's: a process may fork afterwards
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
