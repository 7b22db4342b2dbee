"""Sentence vectors: of the text alone, and encoders that a process may be forked after."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from skycap.nlu import vectors as module
from skycap.nlu.vectors import stored_vectors, vector, vectors
from skycap.settings import ROOT

FORKS = """
import os
from pathlib import Path
from skycap.nlu.vectors import vector
before = vector("i need a flight")
print(len(list(Path("/proc/self/task").iterdir())), flush=True)
child = os.fork()
if child == 0:
    vector("never heard before")
    os._exit(17)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_vector_does_not_depend_on_its_neighbours():
    texts = ["i need a flight to berlin", "", "No", "is my bag included when I fly business class to New York?"]
    together = vectors(texts)
    assert together.shape == (4, 896)
    for text, row in zip(texts, together, strict=True):
        assert np.array_equal(vector(text), row)


def test_case_does_not_matter():
    assert np.array_equal(vector("Is My Bag Included?"), vector("is my bag included?"))


def test_stored_vectors_are_the_same_to_the_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path))
    texts = ["i need a flight to berlin", "", "No", "no", "¿Cuánto es?"]
    expected = vectors(texts)
    assert np.array_equal(stored_vectors(texts), expected)
    assert np.array_equal(stored_vectors(texts[:2], ["universal"]), vectors(texts[:2], ["universal"]))
    with monkeypatch.context() as patched:
        patched.delattr(module, "_encoded")
        again = stored_vectors(texts)
    assert again.dtype == expected.dtype
    assert np.array_equal(again, expected)


def test_encoders_start_no_threads_and_work_in_a_forked_process():
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", FORKS], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "17"]
