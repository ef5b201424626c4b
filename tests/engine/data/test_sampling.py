"""Remedies for classes of unlike sizes: how often images come in a pass, and what they count in the loss."""

import json

import numpy as np
import pytest
import torch
from image_files import make_folder
from small_training import curve, settings, small_model, small_network
from torch.nn import functional

from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.normalise import ZeroToOne
from engine.data.sampling import SAMPLING, imbalance
from engine.data.settings import DataSettings, SplitSettings
from engine.data.source import DataDescription
from engine.data.turns import Turns
from engine.layers import Shape
from engine.project import Project
from engine.recipe.losses import LOSSES, CrossEntropy
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.loop import train

CPU, SHAPE = torch.device("cpu"), Shape(1, 8, 8)
FEW = {"healthy": 40, "rust": 11, "scab": 4}


@pytest.fixture
def folder(tmp_path):
    return {"name": "folder", "path": str(make_folder(tmp_path / "leaves", FEW))}


def data_with(folder, **made):
    return load(DataSettings(source=folder, split=SplitSettings(validation=0, test=0), **made), SHAPE)


def drawn(strata, epoch=1, seed=0):
    return SAMPLING["weighted"]().of(np.asarray(strata), Pass(seed, epoch))


@pytest.mark.parametrize("counts", [(40, 11, 4), (100, 1), (7,), (3, 3, 3), (0, 5, 90), (50, 2, 2, 2, 2)])
def test_every_class_comes_equally_often_and_a_pass_stays_as_long(counts):
    strata = np.repeat(np.arange(len(counts)), counts)
    found = drawn(strata)
    assert len(found) == len(strata)
    each = np.bincount(strata[found], minlength=len(counts))[np.array(counts) > 0]
    assert each.max() - each.min() <= 1
    times = np.bincount(found, minlength=len(strata))
    for label in range(len(counts)):
        of_class = times[strata == label]
        assert not len(of_class) or of_class.max() - of_class.min() <= 1


def test_what_is_not_there_any_more_is_never_drawn():
    strata = np.array([-1, 0, 0, 0, 1, -1, -1, 1, 0])
    for epoch in range(1, 40):
        found = drawn(strata, epoch)
        assert len(found) == len(strata)
        assert sorted(np.bincount(strata[found], minlength=2).tolist()) == [4, 5]
    assert len(drawn(np.full(3, -1))) == 0


def test_turns_put_what_is_there_where_it_stood_and_nothing_elsewhere():
    turns = Turns(numbers=np.array([40, 7]), places=np.array([3, 1]), count=5)
    assert turns.by_place(np.array([8, 9])).tolist() == [-1, 9, -1, 8, -1]
    begun = Turns.of(np.array([5, 2, 9]))
    assert (begun.numbers.tolist(), begun.by_place(np.arange(3)).tolist(), begun.count) == ([5, 2, 9], [0, 1, 2], 3)


def test_large_classes_show_other_images_in_each_epoch_and_all_in_the_end():
    strata = np.repeat((0, 1), (90, 10))
    assert np.array_equal(drawn(strata, epoch=3), drawn(strata, epoch=3))
    assert not np.array_equal(drawn(strata, epoch=3), drawn(strata, epoch=4))
    assert not np.array_equal(drawn(strata, epoch=3), drawn(strata, epoch=3, seed=1))
    seen = np.zeros(100, int)
    for epoch in range(1, 201):
        seen += np.bincount(drawn(strata, epoch), minlength=100)
    assert (seen[:90] / 200).mean() == pytest.approx(50 / 90)
    assert (seen[:90] / 200).min() > 0.4
    assert (seen[90:] == 1000).all()


def test_plain_sampling_is_each_image_once_and_what_it_was_before(folder):
    split = data_with(folder, sampling="plain").train
    assert np.array_equal(split.sample(Pass(3, 4)), np.arange(55))
    before = data_with(folder).train
    passes = (part.training_batches(8, device=CPU, drawn_in=Pass(0, 1)) for part in (split, before))
    for one, other in zip(*passes, strict=True):
        assert torch.equal(one[0], other[0])


def test_an_image_that_comes_again_in_an_epoch_draws_anew(folder):
    bright = {"name": "brightness", "factor": (0.2, 0.9)}
    split = data_with(folder, sampling="weighted", steps=(bright,), normalise=ZeroToOne()).train
    batches = split.training_batches(8, device=CPU, drawn_in=Pass(0, 1))
    pixels, targets = (torch.cat(some) for some in [*zip(*batches, strict=True)][:2])
    assert targets.bincount().tolist() in ([18, 18, 19], [18, 19, 18], [19, 18, 18])
    smallest = pixels[targets == 2]  # 4 images, 18 or 19 times
    assert len(smallest.flatten(1).unique(dim=0)) == len(smallest)
    again = torch.cat([batch.pixels for batch in split.training_batches(31, device=CPU, drawn_in=Pass(0, 1))])
    assert torch.equal(again, pixels)
    late = torch.cat([batch.pixels for batch in split.training_batches(8, device=CPU, drawn_in=Pass(0, 1), passed=24)])
    assert torch.equal(late, pixels[-len(late) :])


def test_partners_come_from_the_images_of_the_pass(folder):
    split = data_with(folder, sampling="weighted", steps=({"name": "mixup", "alpha": 10},)).train
    shares = torch.zeros(3)
    for epoch in range(1, 9):
        for _, targets, _ in split.training_batches(8, device=CPU, drawn_in=Pass(0, epoch)):
            shares += targets.sum(dim=0)
    assert (shares / shares.sum()).tolist() == pytest.approx([1 / 3] * 3, abs=0.04)  # plain partners: 0.52, 0.27, 0.21


def test_validation_and_test_come_as_they_are(folder):
    made = DataSettings(source=folder, split=SplitSettings(validation=0.2, test=0.2), sampling="weighted")
    data = load(made, SHAPE)
    for part in (data.validation, data.test):
        positions = torch.cat([found for _, found in part.located(8, device=CPU)])
        assert positions.tolist() == list(range(len(part)))


def test_class_weights_are_those_of_scikit_learn_and_the_loss_that_of_torch():
    from sklearn.utils.class_weight import compute_class_weight

    labels = np.repeat((0, 1, 2), (40, 11, 4))
    fitted = CrossEntropy(class_weights=True).fitted((40, 11, 4))
    expected = compute_class_weight("balanced", classes=np.arange(3), y=labels)
    assert fitted.class_weighting == pytest.approx(expected)
    scores, targets = torch.randn(9, 3, generator=torch.Generator().manual_seed(0)), torch.arange(9) % 3
    shares = torch.softmax(scores.flip(0), dim=1)
    weight = torch.tensor(expected).float()
    for truth in (targets, shares):
        for reduction in ("mean", "sum"):
            assert torch.isclose(
                fitted.of(scores, truth, reduction=reduction),
                functional.cross_entropy(scores, truth, weight=weight, reduction=reduction),
            )
    assert fitted.of(scores.double(), targets).dtype == torch.float64


def test_without_class_weights_or_images_of_a_class_nothing_is_divided_by_zero():
    assert CrossEntropy().fitted((40, 11, 4)) == CrossEntropy()
    assert CrossEntropy(class_weights=True).fitted((30, 0, 10)).class_weighting == pytest.approx((2 / 3, 0, 2))
    assert CrossEntropy(class_weights=True).fitted(()).class_weighting == ()


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_says_whether_it_has_class_weights(name):
    weighted = LOSSES[name]().with_class_weights()
    assert weighted is None or weighted.fitted((3, 1)).class_weighting == pytest.approx((2 / 3, 2))


def test_a_network_trains_on_the_weighted_loss_and_is_validated_on_the_plain_one(folder):
    made = DataSettings(source=folder, split=SplitSettings(validation=0.2, test=0))
    weighted, plain = CrossEntropy(class_weights=True), CrossEntropy()
    recipe = settings(epochs=1, batch_size=1000, learning_rate=1e-9)  # one batch; the weights stay as they are
    curves = []
    for loss in (weighted, plain):
        model = small_model(classes=3)
        curves += curve(train(model, load(made, SHAPE), recipe.model_copy(update={"loss": loss})))
    (_, with_weights, validated), (_, without, as_well) = curves
    assert validated["loss"] == pytest.approx(as_well["loss"], rel=1e-4)
    assert with_weights["accuracy"] == without["accuracy"]
    assert with_weights["loss"] != pytest.approx(without["loss"], rel=1e-3)


def test_a_run_tells_its_class_weights_and_keeps_its_sampling(tmp_path, folder):
    data = DataSettings(source=folder, split=SplitSettings(validation=0.2, test=0), sampling="weighted")
    recipe = settings(epochs=1, loss={"name": "cross_entropy", "class_weights": True})
    list(run_project(Project(small_network(classes=3), data, recipe), tmp_path / "run"))
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    counts = np.array(load(data, SHAPE).train.targets.counts)
    assert record["class_weights"] == pytest.approx((counts.sum() / 3 / counts).tolist())
    again = RunFolder(tmp_path / "run")
    assert again.record.class_weights == tuple(record["class_weights"])
    assert again.project().data == data
    assert again.project().training.loss == recipe.loss


def test_the_imbalance_is_that_of_the_largest_and_smallest_class_that_train():
    found = imbalance(("healthy", "rust", "scorch", "gone"), (1240, 812, 92, 0))
    assert (found.largest, found.smallest, found.matters) == ("healthy", "scorch", True)
    assert found.ratio == pytest.approx(1240 / 92)
    assert found.sentence() == "healthy has 13 times the training images of scorch: 1\u202f240 against 92."
    assert imbalance(("a", "b"), (50, 10)).sentence() == "a has 5 times the training images of b: 50 against 10."
    assert not imbalance(("a", "b"), (50, 10)).matters
    assert imbalance(("a", "b"), (51, 10)).matters
    assert imbalance(("a", "b"), (7, 0)) is None
    assert imbalance((), ()) is None


@pytest.mark.parametrize("made", [{}, {"validation": 0.3, "test": 0.25}, {"validation": 0}, {"test": 0}])
def test_how_many_of_each_class_train_is_known_before_they_are_read(folder, made):
    data = DataSettings(source=folder, split=SplitSettings(**made))
    described = DataDescription("Leaves", tuple(FEW), tuple(FEW.values()), None)
    assert data.training_counts(described) == load(data, SHAPE).train.targets.counts
    assert sum(data.training_counts(described)) == data.training_images(described)
