"""A result holds real numbers of its own axes, and refuses anything else where it is made."""

import numpy as np
import pytest

from engine.errors import LayerloomError
from engine.inspection.results import Heat, Kernels, Maps, Page, Steps

MAKERS = {
    "maps": lambda values: Maps(values.reshape(-1)),
    "heat": Heat,
    "kernels": lambda values: Kernels("conv", values, None),
    "steps": lambda values: steps(Page(0, values, np.zeros((2, 2), bool), np.ones((2, 2)), np.ones((2, 2)), 1.0, 1.0)),
}
UNREAL = {
    "texts": np.array([["a", "b"], ["c", "d"]]),
    "objects": np.array([[1, None], [2, 3]], object),
    "complex numbers": np.ones((2, 2), np.complex64),
    "dates": np.zeros((2, 2), "datetime64[s]"),
}


def steps(*pages):
    return Steps("conv", 0, 0, 0, pages, None, 0.0, "", None, 0.0, False, (0, 1), (0, 1))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("values", UNREAL.values(), ids=UNREAL)
def test_only_real_numbers_are_a_result(make, values):
    with pytest.raises(LayerloomError) as error:
        make(values)
    assert str(error.value).endswith(f" of real numbers, but these are {values.dtype}.")


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float16, np.float64])
def test_real_numbers_of_every_type_are_one(make, kind):
    assert make(np.ones((2, 2), kind)).array.size == 4


def test_steps_have_a_page():
    with pytest.raises(LayerloomError, match=r"Steps have a page for each input map, but there is none\."):
        steps()
