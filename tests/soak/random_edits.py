"""A person who edits a drawing in any way at all, on a canvas with its document."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from engine.layers import LAYERS
from engine.network import Network
from engine.network.edits import connect, insert_on_edge
from engine.network.errors import CycleError, PortError
from engine.network.layout import Flow
from engine.project import Project
from gui.document import Document
from gui.draw.canvas.canvas import Canvas
from templates import TEMPLATES

LARGEST = 50  # nodes; larger drawings take longer and break in no other way
BEGINNINGS = ("lenet5", "mlp", "inception_module", "fashion_cnn", "perceptron")


class RandomEdits:
    """Draws edits and makes them; ``made`` names those since the drawing was opened."""

    def __init__(self, chances: random.Random) -> None:
        self.random = chances
        self.document = Document()
        self.canvas = Canvas(self.document)
        self.canvas.resize(900, 700)
        self.commands = self.canvas.commands
        self.made: list[str] = []
        commands = self.commands
        self.edits: tuple[Callable[[], object], ...] = (
            *(self.add, self.add, self.drop_on_wire, self.connect, self.connect, self.disconnect),
            *(self.fix, self.fix, self.fix, self.change, self.change, self.rename, self.repeat, self.nudge, self.flow),
            *(commands.duplicate, self.copy_and_paste, commands.cut, commands.paste, commands.delete),
            *(commands.delete_leave_gap, commands.group, commands.ungroup, commands.toggle_block),
            *(commands.toggle_block, commands.bypass, commands.freeze, commands.tidy, self.step_in_history),
            self.set_up,
        )

    def open(self) -> None:
        """Begin with a template."""
        network = TEMPLATES[self.random.choice(BEGINNINGS)].build() if self.random.random() < 0.8 else Network()
        self.document.replace(Project(network))
        self.made.clear()

    def edit(self) -> None:
        """One edit of any kind, on what is selected by chance; what is refused changes nothing."""
        edit = self.random.choice(self.edits)
        self.select()
        self.made.append(getattr(edit, "__name__", ""))
        try:
            edit()
        except (PortError, CycleError):  # a wire to nowhere it can go: nothing else is refused
            return
        if len(self.document.network) > LARGEST:
            self.document.undo_stack.undo()

    # What may happen

    def select(self) -> None:
        drawn = list(self.canvas.scene.nodes)
        self.document.select(self.random.sample(drawn, min(len(drawn), self.random.choice((0, 1, 1, 2, 3)))))

    def add(self) -> None:
        self.commands.add_suited(self.random.choice(list(LAYERS.values()))())

    def drop_on_wire(self) -> None:
        if edges := self.document.network.edges():
            edge, layer = self.random.choice(edges), self.random.choice(list(LAYERS.values()))()
            self.document.edit("Insert", lambda network: insert_on_edge(network, layer, edge))

    def connect(self) -> None:
        if names := list(self.document.network):
            ends = self.random.choice(names), self.random.choice(names)
            self.document.edit("Connect", lambda network: connect(network, *ends))

    def disconnect(self) -> None:
        if edges := self.document.network.edges():
            self.document.edit("Disconnect", partial(Network.disconnect, edge=self.random.choice(edges)))

    def fix(self) -> None:
        if fixes := [fix for problem in self.document.analysis.problems for fix in problem.fixes]:
            fix = self.random.choice(fixes)
            self.document.edit(fix.label, fix.edit)

    def copy_and_paste(self) -> None:
        self.commands.copy()
        self.commands.paste()

    def rename(self) -> None:
        if names := self.commands.names:
            self.commands.rename(names[-1], self.random.choice(("first", "conv1", "a", "none", "1", "relu", "x_y")))

    def repeat(self) -> None:
        self.commands.repeat(self.random.randint(2, 3))

    def nudge(self) -> None:
        self.commands.nudge(self.random.choice((-40, 8, 200)), self.random.choice((-40, 8, 200)))

    def flow(self) -> None:
        self.commands.set_flow(self.random.choice(list(Flow)))

    def set_up(self) -> None:
        """A setting of the training or of the data."""
        project = self.document.project
        settings = self.random.choice(
            (
                project.training.model_copy(update={"epochs": self.random.randint(1, 9)}),
                project.training.model_copy(update={"batch_size": self.random.choice((1, 8, 64))}),
                project.data.model_copy(update={"seed": self.random.randint(0, 9)}),
            )
        )
        self.document.change_settings("Set up", settings)

    def change(self) -> None:
        """One setting of one layer, larger or smaller."""
        names = [name for name in self.document.network if type(self.document.network.layer(name)).model_fields]
        if not names:
            return
        name = self.random.choice(names)
        layer = self.document.network.layer(name)
        key = self.random.choice(list(type(layer).model_fields))
        value = getattr(layer, key)
        other = (
            not value
            if isinstance(value, bool)
            else value + self.random.choice((-1, 1))
            if isinstance(value, int)
            else value
        )
        try:
            changed = layer.with_settings(**{key: other})
        except ValueError:
            return
        self.document.edit("Change", lambda network: network.set_layer(name, changed))

    def step_in_history(self) -> None:
        stack = self.document.undo_stack
        stack.setIndex(self.random.randint(max(0, stack.index() - 4), min(stack.count(), stack.index() + 4)))
