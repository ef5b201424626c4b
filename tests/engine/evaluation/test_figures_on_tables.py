"""Every figure that is shown, worked out anew from the table that is exported: by scikit-learn, SciPy and by hand."""

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn import metrics
from sklearn.calibration import calibration_curve
from small_training import small_data, small_network

from cli.evaluation_words import class_rows, evaluation_totals
from engine.errors import LayerloomError
from engine.evaluation.calibration import tempered
from engine.evaluation.comparing import compare
from engine.evaluation.curves import curves_of
from engine.evaluation.label_errors import suspects, thresholds
from engine.evaluation.predictions_file import predictions_table
from engine.project import Project
from engine.recipe.recipe import Recipe
from engine.tasks import Answers
from engine.words import percent_text

CLASSES = tuple("abcdefgh")
PROJECT = Project(small_network(classes=len(CLASSES)), training=Recipe())


@pytest.fixture(scope="module")
def data():
    """Digits, of which only names and parts count here."""
    return small_data()


@st.composite
def answers(draw, part="test", classes=None):
    """What a network may give for a part: few classes or many, some absent, some never called, ties, images unread."""
    count = classes or draw(st.integers(2, len(CLASSES)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    present = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=count, unique=True))
    labels = random.choice(present, 270)
    scores = random.normal(scale=draw(st.sampled_from([0.3, 2.0, 30.0])), size=(270, count))
    scores[np.arange(270), labels] += draw(st.sampled_from([-2.0, 0.0, 3.0, 80.0]))
    if draw(st.booleans()):
        scores = scores.round()  # ties
    if draw(st.booleans()):
        scores[:, draw(st.integers(0, count - 1))] = -60.0  # never called
    read = np.flatnonzero(random.uniform(size=270) < draw(st.sampled_from([0.02, 0.9, 1.0])))
    return of_scores(part, CLASSES[:count], scores, labels, read if len(read) else np.array([7]))


def of_scores(part, classes, scores, labels, read):
    scores = scores[read]
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return Answers(part, classes, scores, shares / shares.sum(axis=1, keepdims=True), read, labels)


def table(answers, data):
    """Files, labels, probabilities and losses as the exported table has them."""
    lines = list(csv.DictReader(io.StringIO(predictions_table(answers, data, PROJECT))))
    labels = np.array([answers.classes.index(line["true"]) for line in lines])
    probabilities = np.array([[float(line[name]) for name in answers.classes] for line in lines])
    for line, row in zip(lines, probabilities, strict=True):
        assert float(line["confidence"]) == row.max() == row[answers.classes.index(line["predicted"])]
    return [line["file"] for line in lines], labels, probabilities, np.array([float(line["loss"]) for line in lines])


def evaluated(answers):
    return PROJECT.task.evaluate(answers, PROJECT.training)


@settings(max_examples=25)
@given(answers())
def test_figures_of_all_images_and_of_classes_are_those_of_the_table(data, given_answers):
    found = evaluated(given_answers)
    _, labels, probabilities, losses = table(given_answers, data)
    predicted, every, seen = probabilities.argmax(1), range(probabilities.shape[1]), np.unique(labels)
    right = int((predicted == labels).sum())
    wilson = binomtest(right, len(labels)).proportion_ci(method="wilson")
    assert found.images == len(labels)
    assert found.accuracy == metrics.accuracy_score(labels, predicted)
    assert found.interval == pytest.approx((wilson.low, wilson.high), abs=1e-12)
    assert found.loss == pytest.approx(losses.mean(), rel=1e-6)
    assert losses == pytest.approx(-np.log(probabilities[np.arange(len(labels)), labels]), rel=1e-6, abs=1e-9)
    if len(every) > 5:
        assert found.top5 == metrics.top_k_accuracy_score(labels, probabilities, k=5, labels=every)
    else:
        assert found.top5 is None
    scores = metrics.precision_recall_fscore_support(labels, predicted, labels=every, zero_division=0)
    for score, precision, recall, f1, images in zip(found.per_class, *scores, strict=True):
        assert (score.precision, score.images) == (precision, images)
        assert (score.recall, score.f1) == ((recall, f1) if images else (None, None))
    for averages, options in (
        (found.macro, {"average": "macro", "labels": seen}),
        (found.micro, {"average": "micro"}),
        (found.weighted, {"average": "weighted"}),
    ):
        expected = metrics.precision_recall_fscore_support(labels, predicted, zero_division=0, **options)
        assert tuple(averages) == pytest.approx(expected[:3])
    assert (found.confusion == metrics.confusion_matrix(labels, predicted, labels=every)).all()
    words = evaluation_totals(found)
    assert f"Accuracy {percent_text(right / len(labels))} ({percent_text(wilson.low)} to" in words
    assert f"loss {losses.mean():.3f} on" in words
    assert [row[1] for row in class_rows(found)] == [f"{precision:.3f}" for precision in scores[0]]


@settings(max_examples=25)
@given(answers())
def test_calibration_and_areas_are_those_of_the_table(data, given_answers):
    found = evaluated(given_answers)
    _, labels, probabilities, _ = table(given_answers, data)
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    accuracy, mean = calibration_curve(right, np.minimum(confidence, 1), n_bins=15)
    edges = np.linspace(0, 1, 16)
    counts = np.bincount(np.searchsorted(edges[1:-1], confidence), minlength=15)
    assert found.calibration_error == pytest.approx(np.abs(accuracy - mean) @ counts[counts > 0] / len(labels))
    assert found.to_json()["largest_calibration_error"] == pytest.approx(np.abs(accuracy - mean).max())
    one_hot = np.eye(probabilities.shape[1])[labels]
    for kind, measure in (("roc", metrics.roc_auc_score), ("precision_recall", metrics.average_precision_score)):
        curves, areas = curves_of(found, kind), []
        for positive, curve in enumerate(curves.each):
            own = labels == positive
            if not own.any() or (kind == "roc" and own.all()):
                assert curve is None
                continue
            areas.append(measure(own, probabilities[:, positive]))
            assert curve.area == pytest.approx(areas[-1])
        assert curves.micro.area == pytest.approx(measure(one_hot.ravel(), probabilities.ravel()))
        if areas:
            assert curves.macro.area == pytest.approx(np.mean(areas))


@settings(max_examples=25)
@given(answers("validation", classes=5), answers(classes=5))
def test_the_temperature_is_the_one_of_the_least_loss_on_the_table(data, fitting, shown):
    _, labels, probabilities, _ = table(fitting, data)
    scores, rows = np.log(np.maximum(probabilities, np.finfo(float).tiny)), np.arange(len(labels))

    def loss(inverse):
        scaled = inverse * scores
        highest = scaled.max(1)
        return (highest + np.log(np.exp(scaled - highest[:, None]).sum(1)) - scaled[rows, labels]).mean()

    try:
        found = tempered(evaluated(fitting), evaluated(shown))
    except LayerloomError:  # told in a sentence, where a lower or a higher one is always better
        steps = np.diff([loss(2.0**power) for power in range(-20, 12)])
        assert (steps >= -1e-9).all() or (steps <= 1e-9).all()
        return
    best = loss(1 / found.temperature)
    assert all(best <= loss(factor / found.temperature) + 1e-9 for factor in (0.5, 0.9, 0.99, 1.01, 1.1, 2))
    assert found.images == len(labels)


@settings(max_examples=25)
@given(st.data(), st.integers(2, 6))
def test_two_runs_compared_are_mcnemars_table_of_both_tables(data, drawn, classes):
    first, second = drawn.draw(answers(classes=classes)), drawn.draw(answers(classes=classes))
    second = Answers("test", second.classes, second.outputs, second.predictions, second.positions, first.targets)
    names = [data.names[place] for place in data.test.indices.tolist()]
    sides = []
    for one in (first, second):
        files, labels, probabilities, _ = table(one, data)
        sides.append(dict(zip(files, (probabilities.argmax(1) == labels).tolist(), strict=True)))
    common = [name for name in sides[0] if name in sides[1]]
    if not common:
        with pytest.raises(LayerloomError, match="no images in common"):
            compare(evaluated(first), evaluated(second), keys=(names, names))
        return
    found = compare(evaluated(first), evaluated(second), keys=(names, names))
    pairs = [(sides[0][name], sides[1][name]) for name in common]
    cells = [pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))]
    assert [len(one) for one in (found.both, found.only_first, found.only_second, found.neither)] == cells
    lost, gained = cells[1:3]
    discordant = lost + gained
    if discordant < 25:
        tail = sum(math.comb(discordant, count) for count in range(min(lost, gained) + 1)) / 2**discordant
        expected = ("exact", min(1.0, 2 * tail))
    else:  # of one degree of freedom, by the complementary error function
        expected = ("chi2", math.erfc(math.sqrt(max(abs(lost - gained) - 1, 0) ** 2 / discordant / 2)))
    assert found.test == expected[0]
    assert found.p == pytest.approx(expected[1])
    assert found.difference == pytest.approx(np.mean([b - a for a, b in np.array(pairs, int)]))
    assert found.left_out == (270 - len(common), 270 - len(common))


@settings(max_examples=25)
@given(answers())
def test_suspected_labels_are_those_of_the_confident_joint_of_the_table(data, given_answers):
    """As cleanlab finds them by "confident_learning", in the order of its "normalized_margin", written out by hand."""
    found = evaluated(given_answers).predictions
    places, likely, margins = suspects(found.labels[found.read], found.probabilities[found.read])
    _, labels, probabilities, _ = table(given_answers, data)
    own = [probabilities[labels == one, one] for one in range(probabilities.shape[1])]
    sure = [values.mean() if len(values) else 2 for values in own]
    expected = []
    for place, (label, row) in enumerate(zip(labels.tolist(), probabilities, strict=True)):
        reached = [one for one, value in enumerate(row) if value >= sure[one]]
        counted_as = max(reached, key=lambda one: row[one], default=label)
        if counted_as != label and row.argmax() != label and row[label] < row.max():
            expected.append((row[label] - row.max(), place, int(row.argmax())))
    assert [(place, other) for _, place, other in sorted(expected)] == list(
        zip(places.tolist(), likely.tolist(), strict=True)
    )
    assert margins.tolist() == [margin for margin, *_ in sorted(expected)]
    limits = thresholds(labels, probabilities)
    assert [limit > 1 for limit in limits] == [one == 2 for one in sure]
