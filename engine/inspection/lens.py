"""A network with its weights, ready to show what it makes of an image."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.compiling import compile_network, final_softmaxes, value_behind
from engine.compiling.changing import Changed, changed_network
from engine.compiling.taps import Tapped
from engine.data.extents import by_own_range
from engine.data.images import Pixels, fit, read_image
from engine.data.intensity import Scaling
from engine.data.normalise import Normalisation
from engine.data.part_words import SPOKEN
from engine.errors import LayerloomError
from engine.inspection.alteration import Alteration
from engine.inspection.altering import DamagedFirst, altering
from engine.inspection.damages import damaged
from engine.inspection.elsewhere import OfOtherImages
from engine.inspection.results import Result, UnfitError
from engine.inspection.run_images import RunImages
from engine.inspection.sight import Asked, Sight
from engine.inspection.views import VIEWS, View
from engine.layers.shape import Shape
from engine.network import Network, analyse
from engine.recipe.initialising import initialise
from engine.recipe.loss import LOSSES
from engine.recipe.recipe import Recipe
from engine.runs.run_folder import RunFolder
from engine.tasks import Task
from engine.tasks.heads import heads_of, left_out_for

_MOST_NAMED = 12  # layers that a sentence lists

T = TypeVar("T")


class Lens:
    """A compiled network in evaluation mode on ``device``, and the gradient mode that each view needs.

    ``recipe`` says what it starts as by ``seed``, and by its loss what outputs mean; ``read_at`` is the node that gives
    the main output as the loss takes it.

    Its parameters never require gradients, so that no view leaves any behind. ``alteration`` is what differs from
    the network itself, which ``own`` looks at; ``pictures`` are images that go by a name instead of a file. Raises
    `LayerloomError` for a network that has errors or does not take one image.
    """

    def __init__(
        self,
        network: Network,
        *,
        task: Task,
        normalisation: Normalisation | None = None,
        scaling: Scaling = by_own_range,
        classes: tuple[str, ...] = (),
        recipe: Recipe | None = None,
        seed: int | None = 0,
        device: str = "cpu",
    ) -> None:
        self.network = network
        self.classes = classes
        self.device = torch.device(device)
        self.shape = _image_shape(network)
        recipe = recipe or Recipe()
        module = compile_network(network, seed=seed)
        if seed is not None:
            initialise(module, network, recipe.initialisation, seed=seed)
        self.module = module.eval().requires_grad_(False).to(self.device)
        middle = (0.5,) * self.shape.channels
        self._normalise = normalisation or Normalisation(middle, middle)
        self._scaling = scaling
        self.task, self._heads, self.loss = task, heads_of(network), recipe.loss
        self.read_at = _before(network, self._heads.main, left_out_for(self.loss, network))
        self._shared: tuple[Tensor, Mapping[str, Tensor]] | None = None
        self.own, self.alteration = self, Alteration()
        self.change: Changed | None = None  # what makes the altered module of that of ``own``
        self.images: RunImages | None = None
        self.pictures: Mapping[str, Pixels] = {}
        self._kept: dict[Hashable, Any] = {}

    @classmethod
    def of_run(cls, folder: RunFolder, *, device: str = "cpu") -> Lens:
        """The network of a run, still with initial weights: call `load` next."""
        project, record = folder.project(), folder.record
        lens = cls(
            project.network,
            task=project.task,
            normalisation=folder.normalisation,
            scaling=record.scaling,
            classes=record.classes,
            recipe=project.training,
            device=device,
        )
        lens.images = RunImages(folder)
        return lens

    def altered(self, alteration: Alteration) -> Lens:
        """A lens on the same weights whose network, or the images that it is shown, are altered; this one stays.

        Make it anew after `load`. Raises `LayerloomError` for what cannot be altered so.
        """
        alteration = alteration.active
        if not alteration:
            return self.own
        unread = self.network.downstream(self.read_at) - {self.read_at}
        if late := next((one.node for one in alteration.units if one.node in unread), ""):
            raise LayerloomError(f"{late} comes after {self.read_at}, which gives the answer: change {self.read_at}.")
        own, other = self.own, copy.copy(self.own)
        other.alteration, other._shared, other._kept = alteration, None, {}
        other._normalise = DamagedFirst.of(own._normalise, alteration.damages)
        if alteration.units:
            other.change = altering(own.module, own.network, alteration.units, OfOtherImages(own), own.device)
            other.module = changed_network(own.module, own.network, other.change)
        return other

    @property
    def outputs(self) -> int:
        """How many values the main output has: the classes of a classifier."""
        shape = analyse(self.network)[self._heads.main].output
        if shape is None:
            return 0
        return len(self.classes) if shape.elements in self.loss.outputs_for(len(self.classes)) else shape.elements

    def load(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the weights of a checkpoint; raises `LayerloomError` if they are another network's."""
        self._kept.clear()
        try:
            self.module.load_state_dict(weights)
        except RuntimeError as error:
            raise LayerloomError(f"The weights do not fit the network {self.network.name}.") from error

    # Images

    def read(self, path: Path) -> Pixels:
        """The image in a file as the network takes it, ``(C, H, W)``, uint8; raises `LayerloomError`."""
        if self.shape.channels not in (1, 3):
            raise LayerloomError(f"An image has 1 or 3 channels, {self.network.inputs[0]} takes {self.shape.channels}.")
        return read_image(path, self.shape, scaling=self._scaling)

    def prepare(self, pixels: Pixels) -> Tensor:
        """A batch of one, as the network was trained on it: ``(1, C, H, W)``, float32."""
        return self._normalise(torch.from_numpy(fit(pixels, self.shape)[None].copy()).to(self.device))

    def shown(self, pixels: Pixels) -> Pixels:
        """The image that the network is shown in place of one: itself, unless it is damaged."""
        if not self.alteration.damages:
            return pixels
        images = torch.from_numpy(fit(pixels, self.shape)[None].copy())
        found: Pixels = damaged(images, self.alteration.damages)[0].to(torch.uint8).numpy()
        return found

    # Looking

    def look(self, pixels: Pixels, asked: Sequence[Asked] = ()) -> Sight:
        """Show the network an image ``(C, H, W)``, uint8: its prediction, and each view that was asked for."""
        image = self.prepare(pixels)
        refused: dict[Asked, str] = {}
        reads: dict[Asked, list[str]] = {}
        for one in dict.fromkeys(asked):
            try:
                self._require_fit(one)
                reads[one] = self._reads(one)
            except LayerloomError as error:
                refused[one] = str(error)
        prediction = self._predict(image, chain.from_iterable(reads.values()))
        results: dict[Asked, Result] = {}
        for one in reads:
            try:
                results[one] = self._shown(one, image)
            except LayerloomError as error:
                refused[one] = str(error)
        self._shared = None
        before = self.own.look(pixels).prediction if self.alteration else None
        shown = self.shown(pixels) if self.alteration.damages else None
        return Sight(pixels, prediction, results, refused, before, shown)

    def show(self, asked: Asked, pixels: Pixels | None = None) -> Result:
        """What one view shows of an image ``(C, H, W)``, uint8, or of none if it needs none.

        Raises `LayerloomError` if it shows nothing.
        """
        self._require_fit(asked)
        return self._shown(asked, self.prepare(np.zeros(self.shape, np.uint8) if pixels is None else pixels))

    def _require_fit(self, asked: Asked) -> None:
        """Raise `LayerloomError` if a view cannot be asked for."""
        view, node = asked
        with VIEWS.blaming(view):
            number = getattr(view, view.class_setting) if view.class_setting else None
        if isinstance(number, int) and not 0 <= number < self.outputs:
            raise LayerloomError(f"The network has no class {number}: they are counted from 0 to {self.outputs - 1}.")
        if not view.needs_node:
            return
        if node not in self.network:
            named = ", ".join(list(self.network)[:_MOST_NAMED])
            raise LayerloomError(f"There is no layer called '{node}'. There are {named} …")
        if node not in self.module.meta["values"]:
            raise LayerloomError(f"'{node}' is not computed: no layer of that name leads to an output.")
        layer = self.network.layer(node)
        with VIEWS.blaming(view):
            fits = view.applies_to(layer, self.network)
        if not fits:
            raise LayerloomError(f"The view {view.title} is for {view.subject}, but '{node}' is {layer.title}.")

    def _reads(self, asked: Asked) -> list[str]:
        """The nodes that a view will read, as far as they are computed."""
        with VIEWS.blaming(asked.view):
            return [read for read in asked.view.reads(asked.node, self.network) if read in self.module.meta["values"]]

    def _predict(self, image: Tensor, reads: Iterable[str]) -> NDArray[np.float64]:
        """What the task says of an image; keeps what the views that are asked for will read."""
        with torch.inference_mode():
            values = self.values(image, (*reads, self.read_at))
            self._shared = image, values
            return self.meaning(values[self.read_at])[0].numpy()

    def _shown(self, asked: Asked, image: Tensor) -> Result:
        view, node = asked
        try:
            with VIEWS.blaming(view):
                result: object = self._given(view, image, node)
        except UnfitError as error:
            raise LayerloomError(f"The view {view.title} gives what cannot be shown: {error}") from error
        if not isinstance(result, Result):
            raise LayerloomError(f"The view {view.title} gives {type(result).__name__}, which is no result of a view.")
        return result

    def _given(self, view: View, image: Tensor, node: str) -> object:
        """What a view gives, in the gradient mode that it needs; what one gave that looks at many images is kept."""
        if view.needs_data:
            return self.kept_for((view, node), lambda: view.show(self, image, node))
        if view.needs_gradients:
            with torch.inference_mode(False), torch.enable_grad():
                return view.show(self, image.clone().requires_grad_(), node)
        with torch.inference_mode():
            return view.show(self, image, node)

    # What views ask for

    def meaning(self, outputs: Tensor) -> Tensor:
        """What the task makes of main outputs ``(N, …)`` as the loss takes them, in float64."""
        given = self._heads.gives_probabilities(self.loss)
        return self.task.predictions(outputs.float().cpu(), loss=self.loss, probabilities=given)

    def run_images(self, part: str) -> RunImages:
        """The images of the run, for its ``part`` of them; raises `LayerloomError` if this is no run."""
        if self.images is None:
            raise LayerloomError(f"{self.network.name} is no run: it has no {SPOKEN.get(part, part)} images.")
        return self.images

    def kept_for(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gave for a key before, until other weights are loaded; it is asked if there is none."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def answering(self) -> Callable[[Tensor], Tensor]:
        """What gives the main output ``(N, …)`` for a batch of normalised images, as the loss takes it."""
        tapped = Tapped(self.module, (self.read_at,))
        return lambda images: tapped(images)[self.read_at]

    def values(self, image: Tensor, nodes: Iterable[str]) -> Mapping[str, Tensor]:
        """What some nodes give for ``image``, by name: ``(1, C, H, W)`` for maps and ``(1, N)`` for vectors.

        For a view that needs gradients, each can be differentiated by those before it, and by the image.
        """
        nodes = tuple(nodes)
        if self._shared is not None and self._shared[0] is image and self._shared[1].keys() >= set(nodes):
            return {node: self._shared[1][node] for node in nodes}
        return Tapped(self.module, nodes)(image)

    def scores(self, image: Tensor) -> Tensor:
        """What the main output gives, ``(1, …)``, before a softmax of the network.

        Of one output that tells two classes apart, a score for each of them.
        """
        node = _before(self.network, self.read_at, final_softmaxes(self.network))
        outputs = self.values(image, (node,))[node]
        with LOSSES.blaming(self.loss):
            return self.loss.scores(outputs)


def _before(network: Network, output: str, left_out: Collection[str]) -> str:
    """The node that gives what an output would without some nodes at the end of the network."""
    behind = value_behind(network, output)
    return network.incoming(behind)[0].source if behind in left_out else output


def _image_shape(network: Network) -> Shape:
    """What one image is for a network; raises `LayerloomError` unless there is one input."""
    inputs = network.inputs
    if len(inputs) != 1:
        there = f"there are {len(inputs)}: {', '.join(inputs)}" if inputs else "there is none"
        raise LayerloomError(f"Looking inside needs one input that takes the image; {there}.")
    return analyse(network)[inputs[0]].output or Shape()
