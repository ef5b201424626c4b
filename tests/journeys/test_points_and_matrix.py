"""A cell of the confusion matrix is seen among the points of Look inside, and points are seen as a cell."""

import numpy as np
from PySide6.QtTest import QTest

from engine.data.settings import DataSettings
from engine.inspection import Embedding
from engine.project import Project
from engine.recipe.recipe import Recipe
from gui.evaluate.workspace import Evaluate
from gui.look.workspace import LookInside
from templates import build


def test_cells_and_points_lead_to_each_other(window, person, qtbot):
    window.document.replace(Project(build("lenet5"), DataSettings(), Recipe(epochs=1)))
    window.files.opened.emit()
    view = window.workspaces()
    person.until(lambda: not view.runs.loading)
    with qtbot.waitSignal(view.runs.finished, timeout=120_000):
        view.train()
    window.actions_["look_inside"].trigger()
    inside, evaluate = window.session.part(LookInside), window.session.part(Evaluate)
    person.until(lambda: inside.look.sight is not None and not inside.look.busy)
    inside.maps.tabs.show_view(Embedding)
    person.until(lambda: inside.maps.page.currentWidget() is inside.points)
    true = 3
    inside.points.filter(true, true)
    person.click(inside.points.matrix)
    person.until(lambda: evaluate.evaluator.result is not None and not evaluate.evaluator.busy)
    assert window.session.workspace == "evaluate"
    assert (evaluate.evaluator.split, evaluate.evaluator.cell) == ("validation", (true, true))
    evaluate.evaluator.choose_split("test")
    person.until(lambda: evaluate.evaluator.result is not None and not evaluate.evaluator.busy)
    confusion = evaluate.evaluator.result.classes.confusion
    other = int(np.argsort(-np.diag(confusion))[0])
    evaluate.evaluator.choose_cell(other, other)
    button = evaluate.matrix.matrix_page.cell.points
    person.until(lambda: button.isVisible() and button.isEnabled() and button.width() > 0)
    QTest.mouseMove(button)  # the page has its places when events have been dealt with
    person.click(button)
    person.until(lambda: window.session.workspace == "look_inside")
    person.until(lambda: inside.chosen.view == Embedding(part="test"))
    person.until(lambda: inside.points.plot.kept.sum() == confusion[other, other])
    assert window.session.workspace == "look_inside"
    assert inside.chosen.view == Embedding(part="test")
