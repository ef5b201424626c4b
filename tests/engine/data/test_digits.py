"""The bundled digits, which are read without what scikit-learn has around them."""

import subprocess
import sys

import numpy as np
from sklearn.datasets import load_digits

from engine.data.published import Digits


def test_they_are_those_of_scikit_learn():
    found, expected = Digits().raw(), load_digits()
    assert np.array_equal(found.pixels[:, 0], (expected.images * (255 / 16)).round())
    assert np.array_equal(found.labels, expected.target)
    assert (found.pixels.dtype, found.labels.dtype) == (np.uint8, np.int64)


def test_reading_them_takes_numpy_alone():
    code = "import sys; from engine.data.published import Digits; Digits().raw(); print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
