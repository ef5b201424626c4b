"""Metrics: what they come to over batches, and how their values read."""

import math

import pytest
import torch
from sklearn.metrics import accuracy_score, f1_score, top_k_accuracy_score

from engine.recipe.losses import CrossEntropy
from engine.recipe.metrics import METRICS, Accuracy, LossValue, Measured
from engine.recipe.recipe import Recipe


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
    first, second = (metric.total(outputs[at], targets[at], CrossEntropy()) for at in (slice(0, 7), slice(7, 30)))
    whole = metric.total(outputs, targets, CrossEntropy())
    assert metric.of_part(first + second, 30) == pytest.approx(metric.of_part(whole, 30), rel=1e-5)


@pytest.mark.parametrize("classes", [2, 6, 9])
def test_metrics_of_classes_are_those_of_scikit_learn(classes):
    torch.manual_seed(classes)
    outputs, targets = torch.randn(40, 9), torch.randint(classes, (40,))
    found = {name: METRICS.make(name) for name in ("accuracy", "top5", "macro_f1")}
    found = {name: one.of_part(one.total(outputs, targets, CrossEntropy()), 40) for name, one in found.items()}
    told, labels = outputs.argmax(dim=1), targets.unique().tolist()
    assert found["accuracy"] == pytest.approx(accuracy_score(targets, told))
    assert found["top5"] == pytest.approx(top_k_accuracy_score(targets, outputs, k=5, labels=range(9)))
    assert found["macro_f1"] == pytest.approx(
        f1_score(targets, told, labels=labels, average="macro", zero_division=0), abs=1e-12
    )


@pytest.mark.parametrize("name", ["accuracy", "top5"])
def test_mixed_images_count_as_what_they_are_most_of(name):
    metric, outputs = METRICS.make(name), torch.randn(20, 9)
    shares = torch.rand(20, 9)
    assert metric.total(outputs, shares, CrossEntropy()) == metric.total(outputs, shares.argmax(dim=1), CrossEntropy())


def test_accuracy_is_a_share_and_the_loss_a_mean():
    outputs = torch.tensor([[9.0, 0.0], [9.0, 0.0], [0.0, 9.0], [9.0, 0.0]])
    targets, loss = torch.tensor([0, 1, 1, 1]), CrossEntropy()
    assert Accuracy().figure(Accuracy().total(outputs, targets, loss).item(), 4) == 0.5
    mean = LossValue().figure(LossValue().total(outputs, targets, loss).item(), 4)
    assert mean == pytest.approx(loss.of(outputs, targets).item())


def test_a_metric_that_is_named_twice_is_measured_once():
    assert Recipe(metrics=["top5", "macro_f1", "top5"]) == Recipe(metrics=["top5", "macro_f1"])


def test_differences_have_their_sign_but_where_nothing_is_left_of_them():
    accuracy, loss = METRICS["accuracy"]().measured(), LossValue().measured()
    said = [accuracy.difference(gain) for gain in (0.011, -0.011, 0.0004, -0.0004)]
    assert said == ["+1.1 points", "−1.1 points", "0.0 points", "0.0 points"]
    assert [loss.difference(gain) for gain in (0.021, -0.021)] == ["+0.021", "−0.021"]
