"""Classes and images that score the same keep their order, wherever they are ranked."""

import numpy as np
import torch

from engine.recipe.losses import CrossEntropy
from engine.recipe.metrics import Accuracy
from engine.tasks.class_evaluation import Predictions, summarise
from engine.tasks.classification import Classification

CLASSES = tuple("abcdef")


def test_of_equal_probabilities_the_first_class_is_named_first():
    readings = Classification().readings(np.array([0.1, 0.3, 0.1, 0.3, 0.1, 0.1]), CLASSES)
    assert "".join(reading.name for reading in readings) == "bdacef"


def test_of_equal_probabilities_all_take_the_first_class_for_the_answer():
    prediction = np.array([0.1, 0.3, 0.1, 0.3, 0.1, 0.1])
    task = Classification()
    assert task.verdict(prediction, np.array(1), CLASSES).right
    assert not task.verdict(prediction, np.array(3), CLASSES).right
    found = summarise("test", CLASSES, probabilities=prediction[None], labels=np.array([1]))
    assert found.accuracy == 1.0
    scores = torch.from_numpy(prediction).log()[None]
    assert Accuracy().total(scores, torch.tensor([1]), CrossEntropy()) == 1


def test_images_as_sure_as_each_other_come_in_their_order():
    labels = np.array([0, 0, 0, 0, 0, 0])
    predicted, confidence = np.array([1, 0, 1, 1, 0, 1]), np.array([0.5, 0.7, 0.9, 0.5, 0.7, 0.9])
    found = Predictions(labels, predicted, confidence, np.eye(2)[predicted], 1 - confidence)
    assert found.worst(3).tolist() == [2, 5, 0]
    assert found.in_cell(0, 1).tolist() == [2, 5, 0, 3]
    assert found.in_cell(0, 0).tolist() == [1, 4]
    assert found.worst(3, by="loss").tolist() == [0, 3, 2]
