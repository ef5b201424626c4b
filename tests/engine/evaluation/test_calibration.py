"""A temperature fitted on validation images, and what it does to others."""

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss
from torch.nn import functional

from engine.errors import LayerloomError
from engine.evaluation.calibration import fit_temperature, logarithms, scaled, tempered
from engine.tasks.class_evaluation import summarise


def drawn(seed, *, classes=5, images=400, temperature=2.5):
    """Scores that are too sure by a temperature, and labels drawn from what they should mean."""
    random = np.random.default_rng(seed)
    scores = random.normal(scale=3, size=(images, classes))
    meant = functional.softmax(torch.from_numpy(scores / temperature), dim=1).numpy()
    labels = np.array([random.choice(classes, p=row) for row in meant])
    return functional.softmax(torch.from_numpy(scores), dim=1).numpy(), labels


def by_torch(log_probabilities, labels):
    """The temperature that torch's optimiser finds."""
    inverse = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([inverse], max_iter=200, tolerance_grad=1e-12, tolerance_change=1e-14)
    scores, targets = torch.from_numpy(log_probabilities), torch.from_numpy(labels)

    def loss():
        optimiser.zero_grad()
        found = functional.cross_entropy(scores * inverse, targets)
        found.backward()
        return found

    optimiser.step(loss)
    return 1 / inverse.item()


@pytest.mark.parametrize(("classes", "temperature"), [(2, 0.4), (5, 2.5), (1000, 1.5)])
def test_the_temperature_is_the_one_that_torch_finds(classes, temperature):
    probabilities, labels = drawn(classes, classes=classes, temperature=temperature)
    found = fit_temperature(logarithms(probabilities), labels)
    assert found == pytest.approx(by_torch(logarithms(probabilities), labels), rel=1e-5)
    assert found == pytest.approx(temperature, rel=0.35)
    assert scaled(probabilities, found) == pytest.approx(
        functional.softmax(torch.from_numpy(logarithms(probabilities)) / found, dim=1).numpy()
    )
    assert (scaled(probabilities, found).argmax(1) == probabilities.argmax(1)).all()


def evaluation(part, probabilities, labels, positions=None):
    names = tuple(map(str, range(probabilities.shape[1])))
    return summarise(part, names, probabilities=probabilities, labels=labels, positions=positions)


def test_what_is_fitted_on_validation_is_shown_on_test():
    fitting, (probabilities, labels) = drawn(1, images=300), drawn(2)
    shown = evaluation("test", probabilities, labels)
    found = tempered(evaluation("validation", *fitting), shown)
    assert found.temperature == fit_temperature(logarithms(fitting[0]), fitting[1])
    assert found.images == 300
    assert found.before is shown.reliability
    assert found.after.expected_error < found.before.expected_error
    assert found.losses == pytest.approx(
        [log_loss(labels, one, labels=range(5)) for one in (probabilities, scaled(probabilities, found.temperature))]
    )
    assert found.to_json()["calibration_error"]["after"] == found.after.expected_error


def test_images_that_could_not_be_read_do_not_count():
    whole, read = [(part, *drawn(seed)) for part, seed in (("validation", 1), ("test", 2))], np.arange(7, 400)
    some, same = (
        tempered(*(make(part, probabilities, labels) for part, probabilities, labels in whole))
        for make in (
            lambda part, probabilities, labels: evaluation(part, probabilities[read], labels, positions=read),
            lambda part, probabilities, labels: evaluation(part, probabilities[read], labels[read]),
        )
    )
    assert some.to_json() == same.to_json()


def test_where_no_temperature_fits_the_reason_is_said():
    probabilities, labels = drawn(3)
    sure = np.eye(5)[labels] * 0.8 + 0.04
    cases = {
        "has no images": (probabilities[:0], labels[:0]),
        "every validation image is classified correctly": (sure, labels),
        "no better than chance": (sure, (labels + 1) % 5),
        "is classified correctly": (sure[:1], labels[:1]),
    }
    for words, (values, true) in cases.items():
        with pytest.raises(LayerloomError, match=words):
            fit_temperature(logarithms(values), true)
    with pytest.raises(LayerloomError, match="no better than chance"):  # as good as chance to the last digit
        fit_temperature(logarithms(np.array([[0.8, 0.2]] * 2)), np.arange(2))
    validation = evaluation("validation", probabilities, labels)
    with pytest.raises(LayerloomError, match="cannot show what it does: evaluate the test images"):
        tempered(validation, validation)
    with pytest.raises(LayerloomError, match="hardly differs from class to class"):
        fit_temperature(logarithms(np.full((6, 3), 1 / 3)), np.arange(6) % 3)


def test_probabilities_of_0_and_1_are_taken():
    probabilities, labels = drawn(4)
    probabilities[0] = np.eye(5)[(labels[0] + 1) % 5]
    assert np.isfinite(fit_temperature(logarithms(probabilities), labels))
    assert np.isfinite(scaled(probabilities, 0.01)).all()
