"""What is announced or told goes when what it is about is over, and not only with time."""

import pytest

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.network import Network
from engine.project import Project
from engine.recipe.recipe import Recipe
from gui.train.runs.status import RunStatus


@pytest.fixture
def view(person):
    person.open_template("lenet5")
    return person.window.workspaces()


def edit(window):
    window.document.edit("Add", lambda network: network.add(ReLU(), "added"))


def undo(window):
    edit(window)
    window.workspaces().status.announce("Refused.")
    window.document.undo_stack.undo()


def change_settings(window):
    window.document.change_settings("Seed", Recipe(seed=7))


def go_elsewhere(window):
    window.workspaces().show_workspace("train")


def open_another(window):
    window.document.replace(Project(Network("other")))
    window.files.opened.emit()


@pytest.mark.parametrize("happens", [edit, undo, change_settings, go_elsewhere, open_another])
def test_an_announcement_goes_when_something_else_happens(window, view, happens):
    view.status.announce("Refused.")
    assert view.status.sentence.text() == "Refused."
    happens(window)
    assert view.status.sentence.text() != "Refused."


def test_a_refusal_of_the_canvas_goes_with_the_next_edit(window, view):
    view.canvas.commands.refused.emit("conv1 cannot feed itself.")
    assert view.status.sentence.text() == "conv1 cannot feed itself."
    edit(window)
    assert view.status.sentence.text() != "conv1 cannot feed itself."


def test_only_the_sentence_that_is_over_is_taken_back(view):
    view.status.announce("Map 1, row 2, column 3 = 0.5")
    view.status.announce("Saved net.loom in /tmp")
    view.status.retract("Map 1, row 2, column 3 = 0.5")
    assert view.status.sentence.text() == "Saved net.loom in /tmp"
    view.status.retract("Saved net.loom in /tmp")
    assert view.status.sentence.text() == ""


def test_a_value_that_is_pinned_is_said_as_long_as_it_is_there(window, person, view):
    view.show_workspace("look_inside")
    look, mosaic = view.bench.look_inside.look, view.bench.look_inside.maps.view.mosaic
    look.choose_node("conv1")
    person.until(lambda: view.bench.look_inside.maps.view.values is not None and not look.busy)
    tiles = mosaic.tiles
    person.click(tiles, tiles.area_of(1).center())
    person.until(lambda: look.value is not None)
    said = view.status.sentence.text()
    assert said.startswith("Map ")
    look.choose_image(255 - look.pixels)
    person.until(lambda: not look.busy)
    value = view.bench.look_inside.maps.view.values[look.value]
    assert view.status.sentence.text().endswith(f"= {value:.4g}".replace("-", "−"))
    assert view.status.sentence.text() != said
    look.choose_node("conv2")
    assert not view.status.sentence.text().startswith("Map ")


def test_that_saving_failed_is_over_once_it_is_saved(window, view, tmp_path):
    (tmp_path / "folder.loom").mkdir()
    assert not window.files.save_to(tmp_path / "folder.loom")
    assert window.messages.isVisible()
    assert window.files.save_to(tmp_path / "net.loom")
    assert not window.messages.isVisible()
    assert view.status.sentence.text() == f"Saved net.loom in {tmp_path}"


@pytest.mark.parametrize("over", ["another trains", "it is deleted"])
def test_how_a_run_ended_is_said_until_that_is_over(window, person, view, over):
    recipe = window.document.project.training
    window.document.change_settings("Short", recipe.model_copy(update={"epochs": 1}))
    runs = view.runs
    view.train()
    person.until(lambda: runs.active is None and window.messages.isVisible())
    assert window.messages.text.text().startswith("Finished: ")
    if over == "another trains":
        view.train()
        assert not window.messages.isVisible()
        person.until(lambda: runs.current.status is RunStatus.FINISHED)
    else:
        runs.delete(runs.current)
        assert not window.messages.isVisible()


def test_what_is_told_meanwhile_outlives_the_end_of_a_run(window, person, view):
    recipe = window.document.project.training
    window.document.change_settings("Short", recipe.model_copy(update={"epochs": 1}))
    view.train()
    person.until(lambda: view.runs.active is None and window.messages.isVisible())
    window.tell("net.loom was changed by another program.", kind="warning")
    view.runs.delete(view.runs.current)
    assert window.messages.isVisible()


def test_a_click_on_a_tab_of_a_folded_dock_opens_it(window, person, view):
    dock = view.bench.docks["bottom"]
    for key in ("summary", "problems"):
        view.show_panel("summary")
        dock.set_folded(True)
        tabs = dock.strip.tabs
        place = next(index for index, tab in enumerate(dock._tabs) if tab.key == key)
        person.click(tabs, tabs.tabRect(place).center())
        assert not dock.folded, key
        assert dock.current == key
    person.click(tabs, tabs.tabRect(place).center())
    assert not dock.folded  # a click on an open tab leaves it open


def test_an_unfolded_dock_stays_open_at_a_small_size_until_it_is_folded(window, person, view):
    window.resize(1280, 800)
    person.until(lambda: view.bench.docks["bottom"].folded)
    dock = view.bench.docks["bottom"]
    person.click(dock.strip.tabs, dock.strip.tabs.tabRect(1).center())
    assert not dock.folded
    assert dock.stack.isVisible()
    window.document.edit("Add", lambda network: network.add(Conv2d(), "more"))
    assert not dock.folded
