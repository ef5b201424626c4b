"""What the gallery tells of each template, computed from the drawn network in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from engine.families import Family
from gui.background import Job, LatestJob
from gui.start.silhouette import DRAWN, Silhouette, silhouette

if TYPE_CHECKING:  # the first paint does without them
    from engine.layers import Shape
    from templates import Template

Choice = tuple[tuple[str, Any], ...]  # options that differ from their defaults, by name


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one drawn template."""

    parameters: int
    multiply_adds: int
    layers: int
    input: Shape | None
    output: Shape | None
    silhouette: Silhouette
    maps: tuple[tuple[Family, Shape], ...]  # what the layers that learn or resize give, first to last


class Gallery(QObject):
    """Draws templates one after the other in a thread and remembers their figures.

    ``listed`` tells that ``templates`` is there, ``unlisted`` why it is not; ``measured`` that a request has its
    figures.
    """

    listed = Signal()
    unlisted = Signal(str)
    measured = Signal(str, object)  # name, Choice
    failed = Signal(str, object, str)  # name, Choice, why

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.templates: dict[str, Template] = {}
        self._figures: dict[tuple[str, Choice], Figures] = {}
        self._waiting: list[tuple[str, Choice]] = []
        self._urgent: tuple[str, Choice] | None = None
        self._drawing = LatestJob("Drawing the templates", self)

    @property
    def busy(self) -> bool:
        """Whether figures are still to come."""
        return self._drawing.running

    def load(self) -> None:
        """Read the table of templates, in the background."""
        if not self.busy and not self.templates:
            self._drawing.start(_read_table, done=self._take_table, failed=self._tell_no_table)

    def known(self, name: str, choice: Choice = ()) -> Figures | None:
        """The figures of a template with some options, if they have been computed."""
        return self._figures.get((name, choice))

    def figures(self, name: str, choice: Choice = ()) -> Figures | None:
        """The figures of a template with some options, or None while they are computed; then ``measured`` tells."""
        found = self._figures.get((name, choice))
        if found is None and (name, choice) not in self._waiting:
            self._waiting.append((name, choice))
            self._next()
        return found

    def figures_first(self, name: str, choice: Choice) -> Figures | None:
        """The same before all that waits, and instead of what was last asked for so and still waits."""
        if (name, choice) in self._figures:
            return self._figures[name, choice]
        key = (name, choice)
        begun, later = self._waiting[:1], [k for k in self._waiting[1:] if k not in (self._urgent, key)]
        self._urgent = key
        self._waiting = [*begun, *([] if key in begun else [key]), *later]
        self._next()
        return None

    def rest(self) -> None:
        """Finish what is being drawn and leave the rest until it is asked for again."""
        del self._waiting[1:]

    def stop(self) -> None:
        """Compute no more."""
        self._waiting.clear()
        self._drawing.cancel()

    def _next(self) -> None:
        if self.busy or not self._waiting:
            return
        name, choice = self._waiting[0]
        template = self.templates[name]
        self._drawing.start(
            lambda _: _measure(template, dict(choice)), done=self._take_figures, failed=self._tell_failure
        )

    def _take_table(self, table: dict[str, Template]) -> None:
        self.templates = table
        self.listed.emit()
        self._next()

    def _tell_no_table(self, error: LayerloomError) -> None:
        self.unlisted.emit(str(error))

    def _take_figures(self, figures: Figures) -> None:
        key = self._waiting.pop(0)
        self._figures[key] = figures
        self.measured.emit(*key)
        self._next()

    def _tell_failure(self, error: LayerloomError) -> None:
        name, choice = self._waiting.pop(0)
        self.failed.emit(name, choice, str(error))
        self._next()


def choice_of(options: Mapping[str, Any], defaults: Mapping[str, Any]) -> Choice:
    """The options that differ from their defaults, in a fixed order."""
    return tuple(sorted((name, value) for name, value in options.items() if value != defaults.get(name)))


def _read_table(_: Job) -> dict[str, Template]:
    from templates import TEMPLATES

    return dict(TEMPLATES)


def _measure(template: Template, options: dict[str, Any]) -> Figures:
    from engine.network import analyse

    network = template.build(**options)
    analysis = analyse(network)
    input_shape, output_shape = (
        analysis.nodes[names[0]].output if names else None for names in (network.inputs, network.outputs)
    )
    maps = tuple(
        (network.layer(name).family, node.output)
        for name, node in analysis.nodes.items()
        if node.output is not None and network.layer(name).has_output and network.layer(name).family in DRAWN
    )
    picture = silhouette(network, analysis)
    return Figures(analysis.parameters, analysis.multiply_adds, len(network), input_shape, output_shape, picture, maps)
