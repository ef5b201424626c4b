"""Pictures that units answer to as strongly as they can, drawn by climbing their gradient (Erhan et al. 2009).

A picture begins as faint noise around grey and takes steps of Adam; its pixels are held between 0 and 1, and reach the
network through the normalisation that images of the run go through. At each step it is shifted at random by a few
pixels, so that what is drawn does not hang on single pixels; total variation keeps it smooth, and a pull to grey leaves
alone what the unit does not care about. What climbs is the unit's answer at the cell in the middle of its map (or the
mean of the map), before an activation that ends the layer, whose slope may be 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, fx

from engine.compiling.taps import Tapped
from engine.inspection.fitting import computed
from engine.inspection.lens import Lens
from engine.inspection.maximise import Maximise
from engine.inspection.results import Maximised
from engine.inspection.rewriting import Rule, rewritten
from engine.inspection.units.answers import grid_of
from engine.inspection.units.deconvnet import images_at_once, require_numbers, require_units, slope_of
from engine.layers import Family
from engine.layers.pooling import MaxPool2d
from engine.network import Network
from engine.network.reach import reach_of

_RATE, _BETAS, _TINY = 0.05, (0.9, 0.999), 1e-8  # of Adam, on pixels from 0 to 1
_STEEPNESS = (
    200.0  # of an answer: by how much it climbs, about, when every pixel changes by 1 as the unit would have it
)
_NOISE = 0.05  # standard deviation of the first picture
_TELL_EVERY = 10  # steps
_LARGEST_SHIFT = 16  # px


def maximise(lens: Lens, node: str, units: Sequence[int], how: Maximise | None = None) -> Iterator[list[Maximised]]:
    """Draw what some units of a node answer to most: their pictures in their order, every few steps and at the end.

    As many are drawn together as memory allows; each list has those of the units that are drawn. ``how`` says how long,
    how smooth and from which noise; its own unit does not count. Whoever stops asking keeps the pictures so far. The
    same units and settings give the same pictures. Raises `LayerloomError` for a unit that is not there.
    """
    how, at_once = how or Maximise(), images_at_once(lens)
    for first in range(0, len(units), at_once):
        canvas = _Canvas(lens, node, units[first : first + at_once], how)
        for step in range(1, how.adam_steps + 1):
            canvas.climb()
            if step % _TELL_EVERY == 0 or step == how.adam_steps:
                yield canvas.pictures()


class _Canvas:
    """Pictures on their way, ``(n, C, H, W)`` from 0 to 1, one a unit."""

    def __init__(self, lens: Lens, node: str, units: Sequence[int], how: Maximise) -> None:
        output = computed(lens, node)
        require_units(node, units, output[0])
        self._lens, self._node, self._units, self._how = lens, node, units, how
        (rows, columns), reach = grid_of(output), reach_of(lens.network, node, analysis=lens.analysis)
        middle = rows // 2, columns // 2
        self._cell = middle[0] * columns + middle[1]
        self._seen = reach.whole if how.where == "mean" else reach.at(*middle)
        self._shift = min(_LARGEST_SHIFT, min(self._seen.size) // 8)
        self._climbed = Tapped(rewritten(lens.module, (_straight(lens, node),)), (node,))
        self._answered = Tapped(lens.module, (node,))
        self._random = torch.Generator().manual_seed(how.seed)
        with torch.inference_mode(False):
            first = 0.5 + _NOISE * torch.randn(1, *lens.shape, generator=self._random)
            self._pixels = first.clamp(0, 1).repeat(len(units), 1, 1, 1).to(lens.device)
            self._mean, self._square = torch.zeros_like(self._pixels), torch.zeros_like(self._pixels)
        self._step, self._before = 0, self._answers()
        self._scale = self._scales()

    def climb(self) -> None:
        """One step of Adam; pictures have no effect on each other."""
        shift = torch.randint(-self._shift, self._shift + 1, (2,), generator=self._random).tolist()
        with torch.inference_mode(False), torch.enable_grad():
            pixels = self._pixels.clone().requires_grad_()
            heights = self._scale * self._chosen(self._climbed, pixels.roll(shift, dims=(2, 3)))
            self._move(slope_of((self._cost(pixels) - heights).sum(), pixels))

    def pictures(self) -> list[Maximised]:
        """The pictures so far, with what the units give for them."""
        values, answers = self._pixels.cpu().numpy().copy(), self._answers()
        return [
            Maximised(self._node, unit, picture, answer, before, self._step, self._how.adam_steps, self._seen)
            for unit, picture, answer, before in zip(self._units, values, answers, self._before, strict=True)
        ]

    def _move(self, slope: Tensor) -> None:
        self._step += 1
        keep, keep_square = _BETAS
        self._mean = self._mean * keep + slope * (1 - keep)
        self._square = self._square * keep_square + slope.square() * (1 - keep_square)
        size = (self._square / (1 - keep_square**self._step)).sqrt() + _TINY
        self._pixels = (self._pixels - _RATE / (1 - keep**self._step) * self._mean / size).clamp(0, 1)

    def _scales(self) -> Tensor:
        """What each answer is multiplied by, ``(n,)``, so that answers of any size weigh alike against the rest."""
        with torch.inference_mode(False), torch.enable_grad():
            pixels = self._pixels.clone().requires_grad_()
            height = self._chosen(self._climbed, pixels).sum()
            steepness = slope_of(height, pixels).abs().sum(dim=(1, 2, 3))
            return _STEEPNESS / torch.where(steepness > 0, steepness, 1)

    def _cost(self, pixels: Tensor) -> Tensor:
        """Total variation and distance from grey ``(n,)``, on average over what the unit sees."""
        down, across = pixels.diff(dim=2).abs().sum(dim=(1, 2, 3)), pixels.diff(dim=3).abs().sum(dim=(1, 2, 3))
        from_grey = (pixels - 0.5).square().sum(dim=(1, 2, 3))
        rows, columns = self._seen.size
        return (self._how.smooth * (down + across) + self._how.grey * from_grey) / (rows * columns * pixels.shape[1])

    def _chosen(self, tapped: Tapped, pixels: Tensor) -> Tensor:
        """What the units give ``(n,)`` for pixels from 0 to 1."""
        given = tapped(self._lens.normalised(pixels * 255))[self._node]
        mine = given.flatten(2) if given.ndim > 2 else given[..., None]
        mine = mine[torch.arange(len(self._units)), torch.tensor(self._units)]
        return mine.mean(dim=1) if self._how.where == "mean" else mine[:, self._cell]

    def _answers(self) -> list[float]:
        with torch.inference_mode():
            answers = self._chosen(self._answered, self._pixels)
        require_numbers(self._node, answers)
        found: list[float] = answers.cpu().tolist()
        return found


def _straight(lens: Lens, node: str) -> Rule:
    """The rule that leaves out the activations that end a layer: what they read is as large as what they give."""
    left_out = {lens.module.meta["values"][name] for name in _ending(lens.network, node)}

    def rule(node: fx.Node, *_: Any) -> Callable[..., Any] | None:
        return _as_it_is if node.name in left_out else None

    return rule


def _as_it_is(x: Tensor, *_: Any) -> Tensor:
    return x


def _ending(network: Network, node: str) -> Iterator[str]:
    """The activations at the end of a node's layer; maxima, and what hands its input on, may stand behind them."""
    while len(edges := network.incoming(node)) == 1:
        layer = network.layer(node)
        if not network[node].bypassed and layer.has_output:
            if layer.family is Family.ACTIVATION:
                yield node
            elif not (layer.hands_on or isinstance(layer, MaxPool2d)):
                return
        node = edges[0].source
