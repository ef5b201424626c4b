"""What Look inside shows: whose weights, at which epoch, which image, which layer, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.data.extents import by_own_range
from engine.data.intensity import Scaling
from engine.errors import LayerloomError
from engine.inspection import INTERVENTIONS, VIEWS, Alteration, FeatureMaps, Filters, StepThrough, TopPatches, View
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.results import Result
from engine.inspection.sight import Asked, Sight
from engine.layers import Family, Shape
from engine.network import Analysis, Network, analyse
from engine.network.exits import exit_of
from engine.runs.run_folder import RunFolder
from engine.tasks import Task
from gui.document import Document
from gui.look.alterations import Alterations
from gui.looker import Looker, Question, Weights
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs

MOST_CARDS = 24  # layers; a larger network shows its top level


class Look(QObject):
    """Follows the run in view, or the drawing while there is no run, and asks a `Looker` whenever something changes.

    Nothing is worked out until `set_active`. ``reset`` says that another network, or none, is looked into;
    ``epochs_changed`` that other weights are; ``node_changed`` and ``image_changed`` speak for themselves; ``asked``
    says that what was seen before answers an older question; ``seen`` brings a new `sight`; ``failed`` a sentence in
    its place; ``drawn`` that the drawing is another while a run is looked into.
    """

    reset = Signal()
    epochs_changed = Signal()
    node_changed = Signal()
    image_changed = Signal()
    asked = Signal()
    seen = Signal()
    failed = Signal(str)
    drawn = Signal()

    def __init__(self, document: Document, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.runs = runs
        self.run: Run | None = None
        self.network = Network()
        self.analysis = Analysis({})
        self.epochs: tuple[int, ...] = ()
        self.node = ""
        self.pixels: NDArray[np.uint8] | None = None
        self.target: NDArray[np.generic] | None = None
        self.sight: Sight | None = None
        self.value: tuple[int, int, int] | None = None  # map, row, column of the value that is pinned
        self.unit = 0  # the map that is current
        self._asked: Question | None = None  # the last one, unless there is none any more that could be answered
        self._epoch: int | None = None  # None: follow the newest
        self._active = self._closed = False
        self._stale = True
        self.alterations = Alterations(self)
        self.alterations.changed.connect(self.ask)
        self.looker = Looker(self)
        self.looker.answered.connect(self._take)
        self.looker.failed.connect(self._fail)
        runs.viewed.connect(self._turn)
        runs.state_changed.connect(self._follow_run)
        runs.progressed.connect(self._follow_run)
        document.replaced.connect(self._turn)
        document.analysed.connect(self._follow_drawing)
        document.selection_changed.connect(self._follow_selection)

    # What it looks through

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self.looker.busy

    @property
    def trained(self) -> bool:
        """Whether there are learned weights."""
        return bool(self.epochs)

    @property
    def epoch(self) -> int:
        """The epoch whose weights are in use; 0 for initial weights."""
        return self._epoch or (self.epochs[-1] if self.epochs else 0)

    @property
    def following(self) -> bool:
        """Whether the newest weights are in use as they come."""
        return self._epoch is None

    @property
    def shape(self) -> Shape:
        """What one image is for the network, or an empty shape without an input."""
        inputs = self.network.inputs
        return (inputs and self.analysis[inputs[0]].output) or Shape()

    @property
    def task(self) -> Task:
        """What the network is for."""
        return (self.run.project if self.run else self.document.project).task

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, as far as they are known."""
        return self.run.record.classes if self.run and self.run.record else ()

    @property
    def scaling(self) -> Scaling:
        """What brings image files of more than 8 bits to the range of the run, or each to its own without a run."""
        return self.run.record.scaling if self.run and self.run.record else by_own_range

    @property
    def cards(self) -> tuple[str, ...]:
        """The nodes that stand for the network in a row: all of a small one, the top level of a large one."""
        if len(self.network) <= MOST_CARDS:
            return tuple(name for name in self.network.topological() if self.network.layer(name).has_output)
        children = self.network.children("")
        last = (exit_of(self.network, name) for name in children)
        return tuple(name for name in last if self.network.layer(name).has_output)

    @property
    def convolution(self) -> str:
        """The convolution whose kernels belong to the chosen layer: its own, or the one that feeds it; "" if none."""
        node = self.node
        while node in self.network:
            layer = self.network.layer(node)
            if layer.family is Family.CONVOLUTION:
                return node
            sources = self.network.incoming(node)
            if not layer.keeps_shape or len(sources) != 1:
                return ""
            node = sources[0].source
        return ""

    @property
    def own(self) -> Mapping[type[View], Asked | None]:
        """What is asked of the chosen layer by the views that have places of their own; None where they do not apply.

        They are its maps, the kernels of its convolution, and the value that is pinned. Patches stand beside what is
        projected back of them.
        """
        return {
            FeatureMaps: Asked(FeatureMaps(), self.node) if self.node in self.network else None,
            Filters: Asked(Filters(), self.convolution) if self.convolution else None,
            StepThrough: self._stepped,
            TopPatches: None,
        }

    @property
    def others(self) -> tuple[type[View], ...]:
        """The registered views that have no place of their own; those that explain a class have theirs in Why."""
        return tuple(kind for kind in VIEWS.values() if kind not in self.own and not issubclass(kind, Explanation))

    @property
    def wanted(self) -> tuple[Asked, ...]:
        """What is asked of the chosen layer."""
        return tuple(asked for asked in self.own.values() if asked)

    @property
    def _stepped(self) -> Asked | None:
        """The value that is pinned, step by step."""
        if self.value is None or not self.convolution:
            return None
        channel, row, column = self.value
        return Asked(StepThrough(channel=channel, row=row, column=column), self.convolution)

    @property
    def results(self) -> tuple[Result, ...]:
        """What is seen of the chosen layer."""
        found = self.sight.results if self.sight else {}
        return tuple(found[asked] for asked in self.wanted if asked in found)

    @property
    def shown(self) -> NDArray[np.uint8] | None:
        """The image as the network is shown it, ``(C, H, W)``: it may be damaged."""
        return self.sight.shown if self.sight else self.pixels

    @property
    def refusal(self) -> str:
        """Why the value that is pinned cannot be worked out; "" if it can, or there is none."""
        return self.sight.refused.get(self._stepped, "") if self.sight and self._stepped else ""

    def summary(self, node: str) -> str:
        """What a node does, in a line; "" if there is no such node."""
        found = self.analysis.nodes.get(node)
        return found.summary() if found else ""

    def card_of(self, node: str) -> str:
        """The card that stands for a node: its own, or that of its block."""
        if node in self.cards:
            return node
        top = node.partition(".")[0]
        return next((card for card in self.cards if card.partition(".")[0] == top), "")

    def score(self, epoch: int) -> float | None:
        """The metric that the run is judged by, on the validation images after an epoch."""
        return self.run.metric(f"validation_{self.run.judged_by.name}", epoch) if self.run else None

    # What the user chooses

    def set_active(self, active: bool) -> None:
        """Work while the workspace can be seen, and rest while it cannot."""
        self._active = active
        if active and self._stale:
            self._turn()
        elif active:
            self.drawn.emit()
            if self._asked is None:
                self.ask()

    def choose_node(self, node: str) -> None:
        """Look into another layer."""
        if node and node != self.node:
            self._set_node(node)
            if node in self.document.network:
                self.document.select([node])

    def pin(self, value: tuple[int, int, int] | None) -> None:
        """Work out one value of the convolution: map, row, column."""
        self.value = value
        self.ask()

    def choose_epoch(self, epoch: int) -> None:
        """Use the weights after an epoch; the last one means: follow the newest."""
        self._epoch = None if self.epochs and epoch == self.epochs[-1] else epoch
        self.epochs_changed.emit()
        self.ask()

    def forget_image(self) -> None:
        """Look at no image until another is chosen."""
        self.pixels = self.target = self.sight = None

    def choose_image(self, pixels: NDArray[np.uint8], *, target: NDArray[np.generic] | None = None) -> None:
        """Look at another image ``(C, H, W)``, uint8, with its target if that is known."""
        self.pixels, self.target = pixels, target
        self.image_changed.emit()
        self.ask()

    def ask(self) -> None:
        """Show the image to the network again."""
        cards = (Asked(FeatureMaps(), node) for node in self.cards)
        self._asked = self.question(*cards, *self.wanted) if self._active else None
        self.asked.emit()
        if self._asked and not self._closed:
            self.looker.ask(self._asked)

    def question(self, *asked: Asked) -> Question | None:
        """The question for views of the image with the weights in use; None if it could not be answered now."""
        if self.pixels is None or not self.shape or not self.analysis.ok:
            return None
        altered = self.alterations
        return Question(self.weights(), self.pixels, asked, altered.value, altered.pictures)

    def completed(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """A dumped intervention with what goes without saying of a new one: this layer, this map, this image."""
        if value.get("node"):
            return value
        named = {**value, "node": self.node, "units": (self.unit,)}
        if self.pixels is not None and "image" in INTERVENTIONS[value["name"]].model_fields:
            named["image"] = self.alterations.keep_picture(self.pixels)
        return named

    def require_fit(self, alteration: Alteration) -> None:
        """Raise `LayerloomError` for units that the network does not have."""
        for one in alteration.units:
            found = self.analysis.nodes.get(one.node)
            if found is None or found.output is None:
                raise LayerloomError(f"There is no layer called '{one.node}' whose units could be changed.")
            one.require_units(found.output.channels, maps=found.output.is_map)

    def close(self) -> None:
        """End the thread: the window closes, and what goes with it may tell of changes to the end."""
        self._closed = True
        self.looker.close()

    def weights(self) -> Weights:
        """Whose weights are in use."""
        if self.run is None or not self.epochs:
            project = self.run.project if self.run else self.document.project
            return Weights(self.network, self.task, recipe=project.training)
        return Weights(self.network, self.task, Path(self.run.folder), self.epoch)

    # What happens elsewhere

    def _turn(self) -> None:
        """Look into the run in view, or the drawing."""
        self._stale = not self._active
        if self._stale:
            return
        self.run = self.runs.current
        self.network = self.run.project.network if self.run else self.document.network.copy()
        self.analysis = analyse(self.network)
        self.sight, self.value, self._epoch = None, None, None
        self.epochs = self._kept()
        if self.node not in self.network:
            self.node = _first_of_interest(self.network)
        if self.pixels is not None and self.shape and self.pixels.shape != tuple(self.shape):
            self.pixels = None
        self.alterations.forget()
        self.reset.emit()
        self.epochs_changed.emit()
        self.ask()

    def _follow_run(self, run: Run) -> None:
        if run is not self.run or not self._active:
            self._stale = True
            return
        kept = self._kept()
        if kept != self.epochs:
            self.epochs = kept
            self.epochs_changed.emit()
            if self.following:
                self.ask()

    def _follow_drawing(self) -> None:
        if self.run is None:
            self._turn()
        elif self._active:
            self.drawn.emit()

    def _follow_selection(self) -> None:
        names = self.document.selection.names
        node = names[-1] if names else ""
        if self.network.is_block(node):
            node = exit_of(self.network, node)
        if node in self.network and node != self.node and self.network.layer(node).has_output:
            self._set_node(node)

    def _set_node(self, node: str) -> None:
        self.node, self.value, self.unit = node, None, 0
        self.node_changed.emit()
        self.ask()

    def _kept(self) -> tuple[int, ...]:
        if self.run is None or not RunFolder.is_run(self.run.folder):
            return ()
        return RunFolder(self.run.folder).kept_epochs()

    def _take(self, question: Question, sight: Sight) -> None:
        if question is self._asked:
            self.sight = sight
            self.seen.emit()

    def _fail(self, question: Question, sentence: str) -> None:
        if question is self._asked:
            self.sight = None
            self.failed.emit(sentence)


def _first_of_interest(network: Network) -> str:
    """The first convolution, or the first node that is no input."""
    names = [name for name in network.topological() if network.layer(name).has_output]
    convolutions = [name for name in names if network.layer(name).family is Family.CONVOLUTION]
    return next(iter(convolutions or names[1:2] or names), "")
