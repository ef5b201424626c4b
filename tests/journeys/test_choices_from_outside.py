"""What CONTRIBUTING adds to the registries: declared once, and there everywhere."""

import json
import math
import shlex

import numpy as np
import pytest
import torch
from a_person import PATIENCE
from contributing import BLOCKS, registered
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from small_training import settings, small_network

from cli.app import run_command
from engine.compiling import compile_network
from engine.data.settings import DataSettings
from engine.inspection import VIEWS
from engine.inspection.lens import Lens
from engine.inspection.sight import Asked
from engine.project import Project, load_project
from engine.recipe.recipe import Recipe
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks import Classification
from engine.training.control import Control
from engine.training.events import EpochDone, Finished, StepDone
from gui.data.data_set import DataSet
from gui.data.panel import DataSetPanel
from gui.document import Document
from gui.look.heat_view import HeatView
from gui.look.workspace import LookInside
from gui.looker import Looker, Question, Weights
from gui.train.recipe.panel import RecipePanel
from templates import build


@pytest.fixture
def added(tmp_path):
    with registered(tmp_path) as names:
        yield names


def test_contributing_shows_one_of_each_in_about_ten_lines(added):
    recipe = ["OPTIMISERS", "SCHEDULES", "LOSSES", "INITIALISATIONS", "RECIPES", "METRICS"]
    assert list(added) == [*recipe, "SOURCES", "AUGMENTATION", "VIEWS"]
    assert all(len(block.split("\n\n", 1)[1].splitlines()) <= 13 for block in BLOCKS)


def test_choices_lists_them(added, capsys):
    assert run_command(["choices", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    for registry, name in added.items():
        assert name in [entry["name"] for entry in found[registry.lower()]]
    assert run_command(["choices", "optimisers"]) == 0
    assert "Plain gradient descent that keeps an average" in capsys.readouterr().out


def test_the_command_line_trains_with_them_and_the_run_keeps_them(added, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    chosen = {
        "training.optimiser": added["OPTIMISERS"],
        "training.schedule": added["SCHEDULES"],
        "training.loss": added["LOSSES"],
        "training.initialisation": added["INITIALISATIONS"],
        "training.watch": added["METRICS"],
        "training.device": "cpu",
    }
    options = [part for path, value in chosen.items() for part in ("--with", f"{path}={value}")]
    arguments = ["train", "lenet5", "--epochs", "2", "--lr", "0.001", "--run", "mine", "--json", *options]
    arguments += ["--recipe", added["RECIPES"]]
    assert run_command(arguments) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    epoch = next(event for event in events if event["event"] == "epoch_done")
    assert set(epoch["validation"]) == {"loss", "accuracy", "top3"}
    assert epoch["validation"]["top3"] >= epoch["validation"]["accuracy"]
    started = next(event for event in events if event["event"] == "started")
    assert started["watched"] == "top3"
    rates = [event["learning_rate"] for event in events if event["event"] == "step_done"]
    assert rates == sorted(rates, reverse=True)
    saved = load_project(tmp_path / "mine" / "project.loom").training
    assert (saved.optimiser.name, saved.schedule.name) == (added["OPTIMISERS"], added["SCHEDULES"])
    assert (saved.loss.name, saved.watch.name) == (added["LOSSES"], added["METRICS"])
    assert (saved.initialisation.name, saved.patience) == (added["INITIALISATIONS"], 30)
    assert isinstance(RunFolder(tmp_path / "mine").end(), Finished)


@pytest.mark.parametrize("stopped_in_the_middle", [True, False])
def test_a_run_goes_on_watching_a_metric_that_it_did_not_measure_before(
    added, stopped_in_the_middle, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    control = Control()
    stop_at, epoch = (StepDone, 1) if stopped_in_the_middle else (EpochDone, 2)  # the first step is always told
    made = Project(small_network(), DataSettings(), settings(epochs=3))
    for event in run_project(made, tmp_path / "mine", control=control):
        if isinstance(event, stop_at) and event.epoch == epoch:
            control.stop()
    assert run_command(shlex.split(f"train mine --resume --json --with training.watch={added['METRICS']}")) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    first, *others = [event for event in events if event["event"] == "epoch_done"]
    assert first["epoch"] == (1 if stopped_in_the_middle else 3)
    assert (first["train"]["top3"] is None) == stopped_in_the_middle
    assert first["train"]["accuracy"] > 0
    assert first["validation"]["top3"] >= first["validation"]["accuracy"]
    assert first["best"]
    assert all(event["train"]["top3"] >= event["train"]["accuracy"] for event in others)
    best = max((first, *others), key=lambda event: (event["validation"]["top3"], -event["validation"]["loss"]))
    assert events[-1]["best_epoch"] == best["epoch"]
    kept = RunFolder(tmp_path / "mine").epochs()
    assert [event.epoch for event in kept] == [1, 2, 3]
    assert math.isnan(kept[epoch - 1].train.get("top3", math.nan))


def test_the_form_offers_them_and_keys_choose_them(added, qtbot):
    panel = RecipePanel(Document())
    qtbot.addWidget(panel)
    panel.show()
    QApplication.processEvents()
    fields = {"optimiser": "OPTIMISERS", "schedule": "SCHEDULES", "loss": "LOSSES", "watch": "METRICS"}
    for field, registry in fields.items():
        editor = panel.form.rows[field].editor
        assert editor.isVisible()
        editor.setFocus()
        for _ in range(editor.count()):
            if editor.currentData() != added[registry]:
                QTest.keyClick(editor, Qt.Key.Key_Down)
                QApplication.processEvents()
        assert getattr(panel.document.project.training, field).name == added[registry]
    while panel.document.undo_stack.canUndo():
        panel.document.undo_stack.undo()
    assert panel.document.project.training == Recipe()


def test_the_command_line_trains_on_the_source_and_with_the_step(added, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def losses(run, *options):
        arguments = ["train", "lenet5", "--data", added["SOURCES"], "--epochs", "2", "--device", "cpu", "--run", run]
        assert run_command([*arguments, "--json", *options]) == 0
        events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return [(event["train"]["loss"], event["validation"]) for event in events if event["event"] == "epoch_done"]

    faded = ("--with", f"data.steps={added['AUGMENTATION']}")
    assert losses("faded", *faded) == losses("again", *faded)
    assert losses("faded-2", *faded) != losses("plain")
    folder = RunFolder(tmp_path / "faded")
    assert [step.name for step in folder.project().data.steps] == [added["AUGMENTATION"]]
    assert folder.record.classes == ("lying", "standing")
    parts = json.loads((folder.path / "parts.json").read_text("utf-8"))
    assert sorted(number for part in parts.values() for number in part) == list(range(200))
    assert run_command(["evaluate", "faded", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["images"] == len(parts["test"]) == 30


def test_the_data_workspace_offers_the_source_and_a_click_chooses_it(added, qtbot):
    data = DataSet(Document())
    panel = DataSetPanel(data)
    qtbot.addWidget(panel)
    panel.resize(288, 900)
    panel.show()
    data.set_active(True)
    chooser = panel.chooser
    (item,) = (item for item in map(chooser.item, range(chooser.count())) if item.text() == "Stripes")
    QTest.mouseClick(chooser.viewport(), Qt.MouseButton.LeftButton, pos=chooser.visualItemRect(item).center())
    qtbot.waitUntil(lambda: not data.busy, timeout=PATIENCE)
    assert panel.document.project.data.source.name == added["SOURCES"]
    assert len(data.listing) == 200
    assert data.listing.thumbnail(0, 48).shape == (3, 8, 8)
    panel.document.undo_stack.undo()
    data.close()
    panel.chooser.close_jobs()


def test_the_command_line_and_the_window_look_with_the_view(added, tmp_path, monkeypatch, capsys, qtbot):
    monkeypatch.chdir(tmp_path)
    network, pixels = build("lenet5"), np.random.default_rng(0).integers(0, 256, (1, 32, 32), dtype=np.uint8)
    Image.fromarray(pixels[0]).save("image.png")
    arguments = ["look", "lenet5", "--view", added["VIEWS"], "--image", "image.png", "-o", "heat.png"]
    assert run_command([*arguments, "--array", "heat.npy"]) == 0
    assert capsys.readouterr().err == "Pixel gradient: written to heat.png and heat.npy.\n"
    image = ((torch.from_numpy(pixels[None]).float() / 255 - 0.5) / 0.5).requires_grad_()
    compile_network(network, seed=0, logits=True).eval()(image).max().backward()
    np.testing.assert_allclose(np.load("heat.npy"), image.grad[0, 0].abs().numpy(), rtol=1e-4, atol=1e-8)
    looker, asked = Looker(), Asked(VIEWS.make(added["VIEWS"]))
    with qtbot.waitSignal(looker.answered, timeout=PATIENCE) as answered:
        looker.ask(Question(Weights(network, Classification()), pixels, (asked,)))
    looker.close()
    np.testing.assert_array_equal(answered.args[1].results[asked].array, np.load("heat.npy"))


def test_the_window_has_a_tab_for_the_view(added, window, person):
    person.open_template("lenet5")
    window.actions_["look_inside"].trigger()
    inside = window.session.part(LookInside)
    person.until(lambda: inside.look.sight is not None)
    shown = []
    inside.chosen.shown.connect(shown.append)
    bar = inside.maps.tabs.bar
    assert [bar.tabText(at) for at in (0, bar.count() - 1)] == ["Feature maps", "Pixel gradient"]
    person.click(bar, bar.tabRect(bar.count() - 1).center())
    person.until(lambda: isinstance(inside.maps.page.currentWidget(), HeatView))
    assert inside.maps.page.currentWidget().isVisible()
    lens = Lens(window.document.network, task=Classification())
    expected = lens.show(Asked(VIEWS.make(added["VIEWS"])), inside.look.pixels)
    np.testing.assert_allclose(shown[-1].array, expected.array, rtol=1e-4, atol=1e-8)
