"""No text is cut off whose whole cannot be had: in every workspace and panel, at every size, whatever goes on."""

import re
from collections.abc import Callable, Iterator

import pytest
from cut_text import BREAKABLE, broken_numbers, cut_texts
from PySide6.QtCore import QEvent, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from train_parts import settings

from engine.choices import Registry
from engine.layers import LAYERS
from engine.network import Network
from engine.project import Project
from engine.project.varying import varied
from engine.recipe.optimisers import OPTIMISERS
from engine.registries import REGISTRIES
from engine.runs.queue import Entry
from engine.words import counted, thousands
from gui.registry.panels import PANELS, SIDES
from gui.registry.workspaces import WORKSPACES
from gui.train.estimate.panel import EstimatePanel
from gui.train.runs.status import RunStatus
from templates import TEMPLATES, build

SMALL = ((1100, 700), (1280, 800))
SIZES = (*SMALL, (1600, 1000), (2560, 1440))
LONG_NAME = "the_first_convolution_of_them_all_which_sees_the_image"


class Situation:
    """A window with LeNet-5, brought to where something can be cut."""

    def __init__(self, window, person) -> None:
        self.window, self.person = window, person
        person.until(lambda: window.view is not None and bool(window.warm_up.devices))
        self.view = window.workspaces()

    def open(self, network: Network, **recipe: object) -> None:
        self.window.document.replace(Project(network, training=settings(batch_size=128, **recipe)))
        self.window.files.opened.emit()
        self.person.until(lambda: not self.view.runs.loading)

    def train(self) -> None:
        self.view.train()
        self.person.until(lambda: self.view.runs.active is None)

    def look_and_evaluate(self) -> None:
        self.view.bench.evaluate.evaluator.start()
        self.person.until(lambda: self.view.bench.evaluate.evaluator.result is not None)
        look = self.view.bench.look_inside.look
        self.view.show_workspace("look_inside")
        self.person.until(lambda: look.sight is not None and not look.busy)
        look.choose_node("conv2")
        look.pin((1, 2, 2))
        self.person.until(lambda: bool(self.view.bench.look_inside.step._steps))


def settle(here: Situation) -> None:
    """Wait for what is read in the background, and until nothing moves any more: one part fits itself to the next."""
    data = here.view.bench.data.data
    estimating = here.window.findChild(EstimatePanel).estimating
    here.person.until(lambda: not (data.busy or here.view.runs.loading or estimating.busy))
    before: list[QRect] = []
    while (places := [one.geometry() for one in here.window.findChildren(QWidget) if one.isVisible()]) != before:
        before = places
        for _ in range(2):  # a timer of no time may be the first of them
            QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def empty(here: Situation) -> None:
    here.open(Network("empty"))


def trained(here: Situation) -> None:
    here.open(build("lenet5"), epochs=1)
    here.train()
    here.look_and_evaluate()


def drawn_since(here: Situation) -> None:
    """Trained, and then drawn otherwise with a long name, which leaves problems; and much is queued, one in vain."""
    trained(here)
    queue, project = here.view.queue, here.window.document.project
    found = varied(project, "training.optimiser", list(OPTIMISERS))
    queue.add(Entry.of(one.project, name=f"{LONG_NAME} {one.name}") for one in found)
    last = queue.queue.entries[-1]
    queue.add([last.copy()])
    queue.queue = queue.queue.changed(last.key, failure=f"{LONG_NAME} does not fit. " * 3)
    queue.told = "The queue waits: run 12 failed."
    queue.changed.emit()
    here.window.document.edit("Rename", lambda network: network.rename("conv1", LONG_NAME))
    here.window.document.edit("Remove", lambda network: network.remove("flatten"))


def training(here: Situation) -> None:
    """A run with long numbers in it."""
    here.open(build("lenet5"), epochs=12_000)
    here.view.train()
    here.person.until(lambda: here.view.runs.active.step > 20)
    here.view.runs.pause()
    run = here.view.runs.active
    run.epoch, run.batch, run.best_epoch = 11_437, 12, 11_397
    here.view.runs.progressed.emit(run)
    here.view.runs.chips_due.emit()


def failed(here: Situation) -> None:
    here.open(build("lenet5"), epochs=1, learning_rate=100, optimiser="sgd")
    here.train()
    assert here.view.runs.current.status is RunStatus.FAILED


def seen_at(here: Situation, size: tuple[int, int]) -> Iterator[tuple[str, str, list[str]]]:
    """What is cut at a size, by workspace and panel."""
    here.window.resize(*size)
    for workspace in WORKSPACES:
        here.view.show_workspace(workspace)
        settle(here)
        yield workspace, "", cut_texts(here.window)
        for side in SIDES:
            dock = here.view.bench.docks[side]
            folded = dock.folded
            for panel in PANELS.at(workspace, side):
                here.view.show_panel(panel)
                settle(here)
                yield workspace, panel, cut_texts(here.window)
            dock.set_folded(folded)


@pytest.mark.parametrize(
    ("bring", "sizes", "theme"),
    [
        (empty, SMALL, "theme_dark"),
        (trained, SIZES, "theme_light"),
        (drawn_since, SMALL, "theme_dark"),
        (training, SMALL, "theme_light"),
        (failed, SMALL, "theme_dark"),
    ],
)
def test_all_words_are_whole_at_every_size(
    window, person, bring: Callable[[Situation], None], sizes: tuple[tuple[int, int], ...], theme: str
):
    window.actions_[theme].trigger()
    here = Situation(window, person)
    bring(here)
    found = {(*size, place, panel): cut for size in sizes for place, panel, cut in seen_at(here, size) if cut}
    assert found == {}, "\n".join(f"{key}: {text}" for key, texts in found.items() for text in texts)
    assert broken_numbers(window) == []


def test_a_cut_label_and_a_broken_number_are_found(qtbot):
    """What the test above looks for, it finds."""
    window = QWidget()
    qtbot.addWidget(window)
    label, button = QLabel("far too long for its place", window), QPushButton("Save as", window)
    label.resize(30, 20)
    button.setGeometry(80, 0, 400, 30)
    window.resize(100, 100)
    window.show()
    label.setToolTip("1 000 images")
    found = cut_texts(window)
    assert len(found) == 2
    assert "'far too long for its place' has 30 of" in found[0]
    assert "'Save as' goes 380 px beyond its surroundings" in found[1]
    assert broken_numbers(window) == ["1 000 images"]


def told_of_choices() -> Iterator[str]:
    for registry in REGISTRIES:
        assert isinstance(registry, Registry)
        for kind in registry.values():
            yield kind.help()
            yield from (field.description or "" for field in kind.model_fields.values())
    for template in TEMPLATES.values():
        yield from (template.idea, template.top5_note)
    for layer in LAYERS.values():
        yield layer.__doc__ or ""


def test_no_text_of_a_choice_or_template_has_a_number_that_breaks():
    assert [text for text in told_of_choices() if BREAKABLE.search(text)] == []


@pytest.mark.parametrize("number", [0, 7, 999, 1000, 12_345, 999_999, 1_000_000, 11_689_512, 10**12, -1797])
def test_a_formatted_number_holds_together(number):
    for text in (thousands(number), counted(number, "image")):
        assert not BREAKABLE.search(text)
        assert int(re.sub(r"[^\d-]", "", text.partition(" ")[0])) == number
