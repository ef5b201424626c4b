"""What is written out of a value comes out as it says when someone works it out."""

import re
from decimal import Decimal

import numpy as np
import pytest
from panel_parts import show, styled_panels

from engine.inspection.results import Page, Steps
from gui.look.step_view import StepView

__all__ = ["show", "styled_panels"]


def page(patch, kernel, *, earlier=0.0):
    patch, kernel = np.array([patch]), np.array([kernel])
    products = np.round(patch * kernel, 2)
    total = round(float(products.sum()), 2)
    return Page(0, patch, np.zeros(patch.shape, bool), kernel, products, total, round(earlier + total, 2))


def steps(*pages, bias=None):
    value = round(pages[-1].running + (bias or 0.0), 2)
    return Steps("conv", 0, 0, 0, pages, bias, value, "", None, value, False, (0, 0), (0, 1))


def worked_out(text):
    """The sum that is written, each product in full, the sign before the result, and the result."""
    terms, sign, result = re.fullmatch(r"(.*)\n([=≈]) ([^,]*).*", text.replace("−", "-"), re.DOTALL).groups()
    total = Decimal()
    for term in re.split(r"\s\+\s", terms.replace("\n+", " +")):
        factors = [Decimal(factor.strip("() ")) for factor in term.split("·")]
        total += factors[0] * factors[1] if len(factors) == 2 else factors[0]
    return total, sign, Decimal(result)


EXACT = page([0.5, 0.2], [0.5, -0.5])  # 0.25 − 0.10
OFF = page([0.07, 0.07], [0.92, 0.92])  # 0.0644 twice: 0.06 + 0.06, but 0.1288


@pytest.mark.parametrize(
    ("shown", "written", "sign", "result"),
    [
        (steps(EXACT), "0.15", "=", "0.15"),
        (steps(EXACT, bias=-0.4), "-0.25", "=", "-0.25"),
        (steps(OFF), "0.1288", "≈", "0.12"),
        (steps(OFF, bias=1.0), "1.1288", "≈", "1.12"),
        (steps(OFF, page([1.0, 1.0], [1.0, 1.0], earlier=0.12)), "0.1288", "≈", "0.12"),
    ],
)
def test_a_sum_that_comes_out_otherwise_is_not_called_equal(styled_panels, show, shown, written, sign, result):
    view = StepView()
    show(view, 400, 700)
    view.show_steps(shown, "a convolution")
    assert worked_out(view.written.text()) == (Decimal(written), sign, Decimal(result))
    assert view.note.text().startswith("Values and products are rounded to 2 places, so that what is printed adds up.")
