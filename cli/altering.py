"""What ``look`` does to a network or an image before it looks, and what that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.arguments import choice, given_settings
from cli.evaluation_words import reading_words
from cli.progress_bar import ProgressBar
from cli.terminal import answer, say
from engine.errors import LayerloomError
from engine.inspection import DAMAGES, INTERVENTIONS, Alteration, Intervention
from engine.inspection.units_text import units_of

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.inspection.lens import Lens
    from engine.inspection.measuring import Figure
    from engine.network import Network
    from engine.tasks import Reading

_FORM = "--intervene takes NODE:KIND=UNITS,KEY=VALUE, such as conv2:off=3,7 or conv2:scale=0..5,factor=0.5"
_MOST = 5  # classes that a line names


def alteration(interventions: Sequence[str] | None, damages: Sequence[str] | None) -> Alteration:
    """What ``--intervene`` and ``--damage`` ask for; raises `LayerloomError`."""
    spoiling = tuple(choice("--damage", one, DAMAGES) for one in damages or ())
    return Alteration(units=tuple(map(_intervention, interventions or ())), damages=spoiling)


def _intervention(text: str) -> Intervention:
    node, _, rest = text.partition(":")
    kind, sign, said = rest.partition("=")
    if not node or not kind or not sign:
        raise LayerloomError(f"{_FORM}, not '{text}'.")
    parts = [part.strip() for part in said.split(",")]
    units = [part for part in parts if "=" not in part]
    settings = given_settings(f"--intervene {node}:{kind}", [part for part in parts if "=" in part])
    return INTERVENTIONS.make({**settings, "name": kind.strip(), "node": node.strip(), "units": units_of(units)})


def at_exits(change: Alteration, network: Network) -> Alteration:
    """The same, where the units of a block are those of the layer by which it gives what it makes, which is told."""
    moved = tuple(one.model_copy(update={"node": layer_of(network, one.node)}) for one in change.units)
    return change.model_copy(update={"units": moved})


def layer_of(network: Network, node: str) -> str:
    """The layer that is meant: of a block the one by which it gives what it makes, which is told."""
    from engine.network.exits import exit_of

    if not network.is_block(node):
        return node
    say(f"{node} gives what {exit_of(network, node)} gives.")
    return exit_of(network, node)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a network says of an image, and how good it is on a part, as it is and as it is altered."""

    alteration: Alteration
    readings: tuple[tuple[Reading, ...], ...] = ()
    keys: tuple[str, str] = ("", "")
    figures: tuple[Figure, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a JSON object: a list of two where there is a before and an after."""
        found: dict[str, Any] = {"altered": self.alteration.said}
        if self.readings:
            name, value = self.keys
            said = [[{name: one.name, value: one.value} for one in some] for some in self.readings]
            found["predictions"] = _named(said)
        if self.figures:
            first = self.figures[0]
            values = _named([figure.value for figure in self.figures])
            found |= {"part": first.part, "images": first.images, first.metric.name: values}
        return found

    def answer(self) -> None:
        """In lines on standard output."""
        for when, some in zip(("Before", "After"), self.readings, strict=False):
            answer(f"{when}: {', '.join(map(reading_words, some[:_MOST]))}")
        for when, figure in zip(("Before", "After"), self.figures, strict=False):
            answer(f"{when}: {figure.said}" if self.alteration else f"{figure.said[0].upper()}{figure.said[1:]}")


def _named(values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(("before", "after"), values, strict=False))


def effect(lens: Lens, pixels: Pixels | None, part: str) -> Effect:
    """What the alteration of a lens changes, for an image and over a ``part`` of the run's images, where given."""
    both = (lens.own, lens) if lens.alteration else (lens,)
    readings: tuple[tuple[Reading, ...], ...] = ()
    if pixels is not None:
        readings = tuple(lens.task.readings(one.look(pixels).prediction, lens.classes) for one in both)
    figures: tuple[Figure, ...] = ()
    if part:
        from engine.inspection.measuring import measured

        with ProgressBar() as progress:
            lens.listener = progress.listener()
            figures = tuple(measured(one, part) for one in both)
    return Effect(lens.alteration, readings, lens.task.reading_keys, figures)
