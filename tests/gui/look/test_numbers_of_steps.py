"""The numbers of a value that is worked out can all be read in a dock as wide as in a small window."""

import numpy as np
import pytest
import torch
from panel_parts import show, styled_panels
from PySide6.QtWidgets import QScrollArea

from engine.inspection import StepThrough
from engine.inspection.lens import Lens
from engine.layers import LAYERS
from engine.network import Network
from engine.tasks import Classification
from gui.look.step_view import StepView

__all__ = ["show", "styled_panels"]

WIDTH = 384  # px: the dock beside Look inside in a window of 1280


def steps(kernel):
    network = Network("one convolution")
    network.add(LAYERS["Input"](channels=6, height=9, width=9), "input")
    network.add(LAYERS["Conv2d"](out_channels=3, kernel_size=kernel), "a_convolution_with_a_name", inputs="input")
    network.add(LAYERS["ReLU"](), "relu", inputs="a_convolution_with_a_name")
    network.add(LAYERS["Output"](), "output", inputs="relu")
    lens = Lens(network, task=Classification(), seed=0)
    image = torch.from_numpy(np.random.default_rng(1).normal(0, 30, (1, 6, 9, 9)).astype(np.float32))
    return StepThrough(row=1, column=2).show(lens, image, "a_convolution_with_a_name")


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_every_number_has_room(styled_panels, show, kernel):
    view = StepView()
    show(view, WIDTH, 700)
    view.show_steps(steps(kernel), "a convolution")
    for _ in range(len(view._steps.pages)):
        show()
        assert view.findChild(QScrollArea).horizontalScrollBar().maximum() == 0
        for grid in (view.patch, view.kernel, view.products):
            assert grid._font(grid.width() / kernel - 2) is not None
            assert not grid.visibleRegion().isEmpty()
        assert view.sums.width() >= view.sums.minimumSizeHint().width()
        shown = "".join((view.sums.text(), view.written.text(), *(text for row in view.kernel._texts for text in row)))
        assert "-" not in shown
        view.on.click()
    assert (view.patch.y() == view.kernel.y()) == (kernel <= 3)  # beside each other, or below
