"""A figure that stands in several places is the same in all of them, and is what scikit-learn makes of the answers."""

import csv
import json

import numpy as np
import pytest
from PySide6.QtCore import Qt
from sklearn import metrics

from cli import app
from engine.recipe.schedules import Constant
from gui.evaluate.figures import FiguresPanel
from gui.train.progress.panel import ProgressPanel
from gui.train.run_rows import RunModel
from gui.train.runs.status import RunStatus
from gui.train.runs.words import pace_text, status_note

EPOCHS = 3


@pytest.fixture
def run(window, person):
    """LeNet-5, three epochs on the digits, trained in the window."""
    person.open_template("lenet5")
    recipe = window.document.project.training
    window.document.change_settings("Short", recipe.model_copy(update={"epochs": EPOCHS, "schedule": Constant()}))
    runs = window.workspaces().runs
    window.workspaces().train()
    person.until(lambda: runs.current.status is RunStatus.FINISHED and window.messages.isVisible())
    return runs.current


def logged(run):
    """What the run's own file says of each epoch."""
    lines = map(json.loads, (run.folder / "metrics.jsonl").read_text("utf-8").splitlines())
    return [line for line in lines if line["event"] == "epoch_done"]


def percent(fraction):
    return f"{100 * fraction:.1f}"


def tiles(panel):
    """The figures of the tiles by caption, each with its note."""
    return {tile._caption: (tile._figure.text(), tile._note.text()) for tile in panel}


def test_what_the_window_says_of_a_run_is_what_was_logged(window, person, run):
    epochs, view = logged(run), window.workspaces()
    accuracies = [epoch["validation"]["accuracy"] for epoch in epochs]
    losses = [epoch["validation"]["loss"] for epoch in epochs]
    best, lowest = int(np.argmax(accuracies)) + 1, int(np.argmin(losses)) + 1
    score = percent(accuracies[best - 1])
    assert len(epochs) == EPOCHS
    # how it ended, and the list of runs
    ending = f"Finished: {score} %, the best validation accuracy, after epoch {best} of {EPOCHS}."
    assert window.messages.text.text() == ending
    row = window.findChild(RunModel).index(0)
    assert f"validation accuracy {score} %" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert status_note(run) == f"constant · {EPOCHS} epochs"
    assert f"epoch {best} kept as best" in pace_text(run)
    # the tiles of Progress, and the epochs below them
    progress = window.findChild(ProgressPanel)
    progress.refresh()
    said = tiles((progress.score, progress.loss, progress.train_score, progress.best))
    assert said["Validation accuracy"] == (f"{percent(accuracies[-1])} %", f"best {score}, epoch {best}")
    assert said["Validation loss"] == (f"{losses[-1]:.2f}", f"best {losses[lowest - 1]:.2f}, epoch {lowest}")
    assert said["Training accuracy"][0] == f"{percent(epochs[-1]['train']['accuracy'])} %"
    since = EPOCHS - best
    kept = {0: "its weights are kept", 1: "1 epoch ago"}.get(since, f"{since} epochs ago")
    assert said["Best epoch"] == (str(best), kept)
    listed = {line.cells[0].text: [cell.text for cell in line.cells[1:4]] for line in progress.epochs.table.lines}
    assert listed == {
        str(number): [
            f"{epoch['train']['loss']:.2f}",
            f"{epoch['validation']['loss']:.2f}",
            percent(epoch["validation"]["accuracy"]) + (" ★" if number == best else ""),
        ]
        for number, epoch in enumerate(epochs, start=1)
    }
    # the curves
    curves = view.bench.train.curves
    (metric,) = curves.metrics
    line = curves.lines.metric(metric, view.runs.shown, run)[run.number, "validation"]
    assert line.y.tolist() == pytest.approx([100 * accuracy for accuracy in accuracies])
    loss = curves.lines.loss(view.runs.shown, run)[run.number, "validation"]
    assert loss.y.tolist() == pytest.approx(losses)
    # Look inside, at the best epoch
    view.show_workspace("look_inside")
    view.bench.look_inside.look.choose_epoch(best)
    scrubber = view.bench.look_inside.maps.scrubber
    assert (scrubber._title.text(), scrubber._note.text()) == (
        f"Run {run.number}, epoch {best}",
        f"Validation accuracy {score} %",
    )


def evaluated(run, part, tmp_path, capsys):
    """What the command line says of a part: its JSON, and scikit-learn's inputs from its table of answers."""
    table = tmp_path / f"{part}.csv"
    code = app.run_command(
        ["evaluate", str(run.folder), "--split", part, "--predictions", str(table), "--json"],
    )
    assert code == 0
    report = json.loads(capsys.readouterr().out)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])[5:]
    true, predicted = ([names.index(row[column]) for row in rows] for column in ("true", "predicted"))
    scores = np.array([[float(row[name]) for name in names] for row in rows])
    return report, np.array(true), np.array(predicted), scores


@pytest.mark.parametrize("part", ["validation", "test"])
def test_what_is_said_of_answers_is_what_scikit_learn_says(window, person, run, part, tmp_path, capsys):
    view = window.workspaces()
    evaluator = view.bench.evaluate.evaluator
    view.show_workspace("evaluate")
    evaluator.choose_split(part)
    evaluator.start()
    person.until(lambda: evaluator.result is not None)
    shown = tiles(window.findChild(FiguresPanel)._tiles.values())
    report, true, predicted, scores = evaluated(run, part, tmp_path, capsys)
    accuracy = metrics.accuracy_score(true, predicted)
    loss = metrics.log_loss(true, scores / scores.sum(axis=1, keepdims=True), labels=range(10))
    top5 = metrics.top_k_accuracy_score(true, scores, k=5, labels=range(10))
    precision, recall, f1, images = metrics.precision_recall_fscore_support(
        true, predicted, labels=range(10), zero_division=0
    )
    assert report["images"] == len(true)
    assert report["accuracy"] == pytest.approx(accuracy)
    assert report["top5"] == pytest.approx(top5)
    assert report["loss"] == pytest.approx(loss, abs=1e-4)
    assert report["macro_f1"] == pytest.approx(f1.mean())
    means = {"precision": precision.mean(), "recall": recall.mean(), "f1": f1.mean()}
    assert report["macro"] == pytest.approx(means)
    assert report["micro"] == pytest.approx(dict.fromkeys(means, accuracy))
    assert np.array_equal(report["confusion"], metrics.confusion_matrix(true, predicted, labels=range(10)))
    for found, *expected in zip(report["per_class"], precision, recall, f1, images, strict=True):
        assert [found[name] for name in ("precision", "recall", "f1", "images")] == pytest.approx(expected)
    # the window
    assert shown["Top-1 accuracy"][0] == f"{percent(accuracy)} %"
    assert shown["Top-5 accuracy"][0] == f"{percent(top5)} %"
    assert shown["Macro F1"][0] == f"{f1.mean():.3f}"
    assert shown["Loss"][0] == f"{report['loss']:.3f}"
    table = view.bench.evaluate.matrix.table
    rows = [[table.item(row, column).text() for column in range(5)] for row in range(table.rowCount())]
    assert {row[0]: row[1:] for row in rows} == {
        str(index): [str(images[index]), *(percent(figures[index]) for figures in (precision, recall, f1))]
        for index in range(10)
    }
    if part == "validation":  # as it was logged in the epoch whose weights are kept
        best = logged(run)[run.best_epoch - 1]["validation"]
        assert best["accuracy"] == pytest.approx(accuracy)
        assert best["loss"] == pytest.approx(loss, abs=1e-4)
