"""Precision–recall and ROC curves against scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from engine.evaluation.curves import Curve, curves_of, precision_recall, roc
from engine.tasks.class_evaluation import summarise


def drawn(seed, *, classes, absent=(), images=120, ties=False):
    random = np.random.default_rng(seed)
    labels = random.choice(np.setdiff1d(np.arange(classes), absent), images)
    probabilities = random.dirichlet(np.full(classes, 0.4), images)
    return labels, probabilities.round(1) if ties else probabilities


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("classes", "absent"), [(2, ()), (5, ()), (5, (1, 3)), (300, (0,))])
def test_every_curve_and_area_is_scikit_learns(classes, absent, ties):
    labels, probabilities = drawn(classes, classes=classes, absent=absent, ties=ties)
    found = summarise("test", tuple(map(str, range(classes))), probabilities=probabilities, labels=labels)
    of_roc, of_pr = curves_of(found, "roc"), curves_of(found, "precision_recall")
    seen, areas, precisions = np.unique(labels), [], []
    for positive in range(classes):
        if positive not in seen:
            assert of_roc.each[positive] is of_pr.each[positive] is None
            continue
        own, scores = labels == positive, probabilities[:, positive]
        areas.append(roc_auc_score(own, scores))
        precisions.append(average_precision_score(own, scores))
        assert of_roc.each[positive].area == pytest.approx(areas[-1])
        assert of_pr.each[positive].area == pytest.approx(precisions[-1])
        assert np.array_equal((of_roc.each[positive].x, of_roc.each[positive].y), roc_curve(own, scores)[:2])
        precision, recall, thresholds = precision_recall_curve(own, scores)
        assert np.array_equal(of_pr.each[positive].x[::-1], recall)
        assert np.array_equal(of_pr.each[positive].y[::-1], precision)
        assert np.array_equal(of_pr.each[positive].thresholds[::-1][:-1], thresholds)
    assert of_roc.macro.area == pytest.approx(np.mean(areas))
    assert of_pr.macro.area == pytest.approx(np.mean(precisions))
    assert of_roc.to_json()["classes_averaged"] == len(seen)
    onehot, scores = np.eye(classes)[labels].ravel(), probabilities.ravel()
    assert of_roc.micro.area == pytest.approx(roc_auc_score(onehot, scores))
    assert of_pr.micro.area == pytest.approx(average_precision_score(onehot, scores))


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("classes", "images"), [(2, 1), (2, 40), (5, 200), (40, 60)])
def test_points_of_the_curve_of_all_answers_are_scikit_learns_and_lines_between_them_lose_none(classes, images, ties):
    labels, probabilities = drawn(classes, classes=classes, images=images, ties=ties)
    found = summarise("test", tuple(map(str, range(classes))), probabilities=probabilities, labels=labels)
    own, scores = np.eye(classes)[labels].ravel(), probabilities.ravel()
    precision, recall, thresholds = precision_recall_curve(own, scores)
    every = {
        "roc": np.stack(roc_curve(own, scores, drop_intermediate=False), axis=1),
        "precision_recall": np.stack([recall[::-1], precision[::-1], np.r_[np.inf, thresholds[::-1]]], axis=1),
    }
    for kind, points in every.items():
        micro = curves_of(found, kind).micro
        mine = np.stack([micro.x, micro.y, micro.thresholds], axis=1)
        assert set(map(tuple, mine)) <= set(map(tuple, points))
        assert len(mine) <= 2 * images + 2
        assert (mine[[0, -1]] == points[[0, -1]]).all()
        left_out = points[~np.isin(points[:, 2], micro.thresholds)]
        place = np.searchsorted(-micro.thresholds, -left_out[:, 2])
        if kind == "roc":  # on the level between its neighbours
            assert (left_out[:, 1] == micro.y[place - 1]).all()
            assert ((micro.x[place - 1] <= left_out[:, 0]) & (left_out[:, 0] <= micro.x[place])).all()
        else:  # on the fall between its neighbours
            assert (left_out[:, 0] == micro.x[place - 1]).all()
            assert ((micro.y[place - 1] >= left_out[:, 1]) & (left_out[:, 1] >= micro.y[place])).all()


def test_mean_curves_have_about_the_mean_area():
    labels, probabilities = drawn(1, classes=5, images=2000)
    found = summarise("test", tuple("abcde"), probabilities=probabilities, labels=labels)
    for kind in ("roc", "precision_recall"):
        mean = curves_of(found, kind).macro
        assert np.trapezoid(mean.y, mean.x) == pytest.approx(mean.area, abs=0.01)
        assert (mean.x[0], mean.x[-1]) == (0, 1)


@pytest.mark.parametrize("ties", [False, True])
def test_a_mean_curve_is_the_mean_of_steps_of_precision_and_of_lines_of_roc(ties):
    labels, probabilities = drawn(7, classes=4, images=60, ties=ties)
    found = summarise("test", tuple("abcd"), probabilities=probabilities, labels=labels)
    of_pr, of_roc = curves_of(found, "precision_recall"), curves_of(found, "roc")
    steps = [
        [next(y for x, y in zip(curve.x, curve.y, strict=True) if x >= place) for place in of_pr.macro.x]
        for curve in of_pr.each
    ]
    assert of_pr.macro.y == pytest.approx(np.mean(steps, axis=0))
    lines = [np.interp(of_roc.macro.x, curve.x, curve.y) for curve in of_roc.each]
    assert of_roc.macro.y == pytest.approx(np.mean(lines, axis=0))


def test_where_there_is_nothing_to_tell_apart_there_is_no_curve():
    labels, probabilities = np.zeros(4, int), np.full((4, 2), 0.5)
    assert roc(labels, probabilities, 0) is None
    assert roc(labels, probabilities, 1) is None
    assert precision_recall(labels, probabilities, 1) is None
    assert precision_recall(labels, probabilities, 0).area == 1
    found = summarise("test", ("a", "b"), probabilities=probabilities, labels=labels)
    assert curves_of(found, "roc").macro is None
    assert curves_of(found, "roc").to_json() == {"macro": None, "classes_averaged": 0, "per_class": [None, None]}


def test_a_thinned_curve_has_few_points_and_is_nowhere_further_than_a_cell():
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 50_000)
    second = np.clip(0.5 + 0.2 * (labels - 0.5) + random.normal(scale=0.2, size=50_000), 0, 1)
    probabilities = np.stack([1 - second, second], axis=1)
    for curve in (roc(labels, probabilities, 1), precision_recall(labels, probabilities, 1)):
        thin = curve.thinned(200)
        assert len(thin.x) < 2000 < len(curve.x)
        assert (thin.x[[0, -1]] == curve.x[[0, -1]]).all()
        assert (thin.y[[0, -1]] == curve.y[[0, -1]]).all()
        gaps = np.abs(np.interp(np.arange(len(curve.x)), np.searchsorted(curve.x, thin.x), thin.x) - curve.x)
        assert gaps.max() <= 1 / 200
        assert thin.area == curve.area
        assert len(thin.thinned(200).x) == len(thin.x)
    cells = np.array([0.01, 0.02, 0.03, 0.51, 0.97, 0.98, 0.99])
    assert Curve(cells, cells, cells, 0.5).thinned(10).x.tolist() == [0.01, 0.03, 0.51, 0.97, 0.99]
