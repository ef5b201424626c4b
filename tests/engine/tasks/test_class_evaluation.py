"""What an evaluation of classes knows besides accuracy: averages by size, mistakes in any order, clusters."""

import json
import math

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

from engine.tasks.class_evaluation import cluster_order, summarise
from engine.tasks.reliability import reliability


def evaluation(labels, probabilities, **options):
    names = tuple(f"class {number}" for number in range(probabilities.shape[1]))
    return summarise("test", names, probabilities=probabilities, labels=np.asarray(labels), **options)


def drawn(seed, *, classes=6, images=80, absent=()):
    random = np.random.default_rng(seed)
    labels = random.choice(np.setdiff1d(np.arange(classes), absent), images)
    return labels, random.dirichlet(np.full(classes, 0.5), images)


@pytest.mark.parametrize("classes", [2, 6, 1000])
@pytest.mark.parametrize("absent", [(), (0, 1)])
def test_weighted_and_macro_averages_are_those_of_scikit_learn(classes, absent):
    labels, probabilities = drawn(classes, classes=classes, absent=absent if classes > 2 else absent[:1])
    found = evaluation(labels, probabilities)
    expected = precision_recall_fscore_support(labels, probabilities.argmax(1), average="weighted", zero_division=0)
    assert tuple(found.weighted) == pytest.approx(expected[:3])
    assert found.weighted.recall == pytest.approx(found.accuracy)
    with_images = np.unique(labels)
    expected = precision_recall_fscore_support(
        labels, probabilities.argmax(1), labels=with_images, average="macro", zero_division=0
    )
    assert tuple(found.macro) == pytest.approx(expected[:3])
    assert found.to_json()["weighted"] == found.weighted.to_json()


@pytest.mark.parametrize("confidence", [[0.2, 0.4, 0.4, 1.0, 0.0], np.random.default_rng(1).uniform(size=200)])
@pytest.mark.parametrize("bins", [1, 5, 15])
def test_bins_are_those_of_scikit_learn_also_at_their_edges(confidence, bins):
    confidence = np.asarray(confidence)
    right = np.random.default_rng(2).uniform(size=len(confidence)) < confidence
    found = reliability(confidence, right, bins)
    accuracy, mean = calibration_curve(right, confidence, n_bins=bins)
    full = found.counts > 0
    assert found.accuracy[full] == pytest.approx(accuracy)
    assert found.confidence[full] == pytest.approx(mean)
    assert np.isnan(found.accuracy[~full]).all()
    shares = found.counts[full] / len(confidence)
    assert found.expected_error == pytest.approx(shares @ np.abs(accuracy - mean))
    assert found.largest_error == pytest.approx(np.abs(accuracy - mean).max())
    assert [one["images"] for one in found.to_json()] == found.counts[full].tolist()


def test_losses_are_those_of_the_true_classes_and_none_for_what_could_not_be_read():
    labels, probabilities = drawn(3)
    found = evaluation(labels, probabilities).predictions
    assert found.losses.mean() == pytest.approx(log_loss(labels, probabilities, labels=range(6)))
    assert (found.probabilities == probabilities).all()
    some = evaluation(labels, probabilities[1:], positions=np.arange(1, 80)).predictions
    assert np.isnan(some.losses[0])
    assert np.isnan(some.probabilities[0]).all()
    assert some.predicted[0] == -1
    assert (some.losses[1:] == found.losses[1:]).all()
    assert some.read.tolist() == list(range(1, 80))
    impossible = evaluation([1], np.array([[1.0, 0.0]])).predictions
    assert 700 < impossible.losses[0] < math.inf


def test_predictions_can_be_asked_for_by_class_and_outcome_in_either_order():
    labels, probabilities = drawn(4)
    found = evaluation(labels, probabilities).predictions
    wrong = found.chosen(right=False, by="loss")
    assert (np.diff(found.losses[wrong]) <= 0).all()
    assert sorted(wrong) == np.flatnonzero(found.predicted != labels).tolist()
    of_class = found.chosen(true=2, right=True)
    assert (np.diff(found.confidence[of_class]) <= 0).all()
    assert sorted(of_class) == np.flatnonzero((labels == 2) & (found.predicted == 2)).tolist()
    assert sorted(found.chosen()) == list(range(80))
    assert found.worst(3, by="loss").tolist() == wrong[:3].tolist()


def test_of_images_that_are_as_sure_the_first_comes_first():
    found = evaluation([0, 0, 1, 0], np.tile([0.3, 0.7], (4, 1))).predictions
    assert found.chosen().tolist() == [0, 1, 2, 3]
    assert found.worst(9, by="loss").tolist() == [0, 1, 3]


def test_a_class_says_what_it_is_taken_for():
    labels, probabilities = drawn(5)
    found = evaluation(labels, probabilities)
    counts = confusion_matrix(labels, probabilities.argmax(1), labels=range(6))
    for true in range(6):
        taken = found.taken_for(true)
        assert sorted(taken) == [
            (other, counts[true, other]) for other in range(6) if other != true and counts[true, other]
        ]
        assert [count for _, count in taken] == sorted((count for _, count in taken), reverse=True)
    assert evaluation([0], np.array([[0.9, 0.1]])).taken_for(0) == []


@pytest.mark.parametrize("classes", [1, 2, 3, 40])
def test_classes_taken_for_each_other_stand_together(classes):
    confusion = np.zeros((classes, classes), np.int64)
    confusion[np.arange(classes), np.arange(classes)] = 10
    for one in range(classes // 2):
        confusion[one, classes - 1 - one] = 5  # the first with the last, and so on
    order = cluster_order(confusion)
    assert sorted(order) == list(range(classes))
    places = np.argsort(order)
    assert all(abs(places[one] - places[classes - 1 - one]) == 1 for one in range(classes // 2))
    assert (order == cluster_order(confusion.copy())).all()


def test_classes_stand_together_by_the_share_of_their_images_whichever_is_taken_for_the_other():
    sizes_differ = np.diag([1000, 10, 10, 10])
    sizes_differ[0, 3] = 100  # a tenth
    sizes_differ[1, 3] = 10  # half
    one_way = np.diag([10, 10, 10, 10])
    one_way[3, 0] = 5
    for confusion, pair in ((sizes_differ, (1, 3)), (one_way, (0, 3))):
        places = np.argsort(cluster_order(confusion))
        assert abs(places[pair[0]] - places[pair[1]]) == 1


@pytest.mark.parametrize("right", [True, False])
def test_one_image_all_right_or_all_wrong_still_give_figures(right):
    for images in (1, 7):
        found = evaluation(np.zeros(images, int), np.tile([0.8, 0.2] if right else [0.2, 0.8], (images, 1)), loss=0.5)
        assert found.accuracy == right
        assert found.weighted.f1 == found.micro.f1 == right
        assert found.calibration_error == pytest.approx(0.2 if right else 0.8)
        assert len(found.predictions.worst(9)) == (0 if right else images)
        json.dumps(found.to_json(), allow_nan=False)
