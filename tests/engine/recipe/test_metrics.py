"""Metrics: what they come to over batches, and how their values read."""

import math

import pytest
import torch

from engine.recipe.losses import CrossEntropy
from engine.recipe.metrics import METRICS, Accuracy, LossValue, Measured


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("%", 0.9412, "94.1 %"),
        ("%", 1.0, "100.0 %"),
        ("", 0.38749, "0.387"),
        ("dB", 31.5, "31.500 dB"),
        ("", 9_999.0, "9999.000"),
        ("", 12_345.0, "1.2e+04"),
        ("", -12_345.0, "-1.2e+04"),
        ("", math.inf, "inf"),
        ("", math.nan, "nan"),
    ],
)
def test_a_value_reads_with_its_unit(unit, value, text):
    assert Measured("m", "M", unit=unit).text(value) == text


@pytest.mark.parametrize("name", list(METRICS))
def test_totals_of_batches_add_up_to_the_figure_of_all_images(name):
    metric = METRICS.make(name)
    outputs, targets = torch.randn(30, 10), torch.arange(30) % 10
    parts = [metric.total(outputs[at], targets[at], CrossEntropy()).item() for at in (slice(0, 7), slice(7, 30))]
    whole = metric.total(outputs, targets, CrossEntropy()).item()
    assert metric.figure(sum(parts), 30) == pytest.approx(metric.figure(whole, 30), rel=1e-5)


def test_accuracy_is_a_share_and_the_loss_a_mean():
    outputs = torch.tensor([[9.0, 0.0], [9.0, 0.0], [0.0, 9.0], [9.0, 0.0]])
    targets, loss = torch.tensor([0, 1, 1, 1]), CrossEntropy()
    assert Accuracy().figure(Accuracy().total(outputs, targets, loss).item(), 4) == 0.5
    mean = LossValue().figure(LossValue().total(outputs, targets, loss).item(), 4)
    assert mean == pytest.approx(loss.of(outputs, targets).item())
