"""A network with its weights, ready to show what it makes of an image."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx

from engine.compiling import compile_network, final_softmaxes
from engine.compiling.changing import Changed, changed_network
from engine.compiling.taps import Tapped
from engine.data.extents import by_own_range
from engine.data.images import Pixels, fit, read_image
from engine.data.intensity import Scaling
from engine.data.loaded import LoadedData
from engine.data.loading import load
from engine.data.normalise import Normalisation
from engine.data.progress import Listener
from engine.errors import LayerloomError
from engine.inspection.alteration import Alteration
from engine.inspection.altering import DamagedFirst, altering
from engine.inspection.damages import damaged
from engine.inspection.elsewhere import OfOtherImages
from engine.inspection.fitting import before, image_shape, require_fit
from engine.inspection.results import NotShownError, Result, UnfitError
from engine.inspection.rewriting import Rule, rewritten
from engine.inspection.run_images import RunImages
from engine.inspection.sight import Asked, Sight
from engine.inspection.views import VIEWS, View
from engine.network import Network, analyse
from engine.project import Project
from engine.recipe.initialising import initialise
from engine.recipe.loss import LOSSES
from engine.recipe.recipe import Recipe
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.tasks import Task
from engine.tasks.heads import heads_of, left_out_for

_KEPT_PARTS = 8  # parts of a network that are kept ready to run
_END = object()

T = TypeVar("T")


class Lens:
    """A compiled network in evaluation mode on ``device``, and the gradient mode that each view needs.

    ``recipe`` says what it starts as by ``seed``, and by its loss what outputs mean. It computes in ``dtype``; what
    views give is float32. ``trained`` says whether weights were loaded. ``images`` loads the data set that some views
    go through. What takes long tells ``listener``, if there is one, how far it is, and may be called off.

    Its parameters never require gradients, so that no view leaves any behind. ``alteration`` is what differs from
    the network itself, which ``own`` looks at; ``pictures`` are images that go by a name instead of a file, ``read_at``
    is the node that gives the main output as the loss takes it. Raises `LayerloomError` for a network that has
    errors or does not take one image.
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
        dtype: torch.dtype = torch.float32,
        images: Callable[[Listener | None], LoadedData] | None = None,
    ) -> None:
        self.network = network
        self.folder: RunFolder | None = None
        self.classes = classes
        self.device, self.dtype = torch.device(device), dtype
        self.analysis = analyse(network)
        self.shape = image_shape(network, self.analysis)
        self.trained = False
        self._recipe = recipe = recipe or Recipe()
        self.module = self.initial_module(seed)
        middle = (0.5,) * self.shape.channels
        self.normalisation = normalisation or Normalisation(middle, middle)
        self._scaling = scaling
        self.task, self._heads, self.loss = task, heads_of(network), recipe.loss
        self.read_at = before(network, self._heads.main, left_out_for(self.loss, network))
        self._shared: tuple[Tensor, Mapping[str, Tensor]] | None = None
        self._parts: dict[tuple[str, ...], Tapped] = {}
        self._by_rules: dict[tuple[Rule, ...], Self] = {}
        self.images = RunImages(network.name, images)
        self.own, self.alteration = self, Alteration()
        self.change: Changed | None = None  # what makes the altered module of that of ``own``
        self.pictures: Mapping[str, Pixels] = {}
        self._kept: dict[Hashable, Any] = {}

    @classmethod
    def of_project(cls, project: Project, *, device: str = "cpu", dtype: torch.dtype = torch.float32) -> Lens:
        """The network of a project, with the weights that its training would begin with."""
        network, recipe = project.network, project.training
        lens = cls(network, task=project.task, recipe=recipe, seed=recipe.seed, device=device, dtype=dtype)
        lens.images = RunImages(network.name, lambda listener: load(project.data, lens.shape, progress=listener))
        return lens

    @classmethod
    def of_run(cls, folder: RunFolder, *, device: str = "cpu", dtype: torch.dtype = torch.float32) -> Lens:
        """The network of a run, still with initial weights: call `load` next."""
        project, record = folder.project(), folder.record
        lens = cls(
            project.network,
            task=project.task,
            normalisation=folder.normalisation,
            scaling=record.scaling,
            classes=record.classes,
            recipe=project.training,
            seed=record.seed,
            device=device,
            dtype=dtype,
            images=lambda listener: load_run_data(folder, progress=listener),
        )
        lens.folder = folder
        return lens

    def initial_module(self, seed: int | None) -> fx.GraphModule:
        """The compiled network as it starts by a seed, in evaluation mode."""
        module = compile_network(self.network, seed=seed)
        if seed is not None:
            initialise(module, self.network, self._recipe.initialisation, seed=seed)
        return module.eval().requires_grad_(False).to(self.device, self.dtype)

    def through(self, module: fx.GraphModule) -> Self:
        """This lens on another module of the same network: one with other rules, or with other weights."""
        other = copy.copy(self)
        other.module, other._shared, other._parts, other._by_rules, other._kept = module, None, {}, {}, {}
        return other

    def altered(self, alteration: Alteration) -> Lens:
        """A lens on the same weights whose network, or the images that it is shown, are altered; this one stays.

        Make it anew after `load`. Raises `LayerloomError` for what cannot be altered so.
        """
        alteration = alteration.active
        if not alteration:
            return self.own
        if late := next((one.node for one in alteration.units if self.comes_late(one.node)), ""):
            raise LayerloomError(f"{late} comes after {self.read_at}, which gives the answer: change {self.read_at}.")
        own = self.own
        other = own.through(own.module)
        other.alteration = alteration
        other.normalisation = DamagedFirst.of(own.normalisation, alteration.damages)
        if alteration.units:
            other.change = altering(own.module, own.network, alteration.units, OfOtherImages(own), own.device)
            other.module = changed_network(own.module, own.network, other.change)
        return other

    def comes_late(self, node: str) -> bool:
        """Whether a node reads what gives the answer, so that what it gives changes none."""
        return node != self.read_at and node in self.network.downstream(self.read_at)

    def by_rules(self, *rules: Rule) -> Self:
        """This lens on a copy of its network that runs by other rules, with the weights that are in use; it is kept."""
        if rules not in self._by_rules:
            self._by_rules[rules] = self.through(rewritten(self.module, rules))
        return self._by_rules[rules]

    @property
    def outputs(self) -> int:
        """How many values the main output has: the classes of a classifier."""
        shape = self.analysis[self._heads.main].output
        if shape is None:
            return 0
        classes = len(self.classes) or 2
        return classes if shape.elements in self.loss.outputs_for(classes) else shape.elements

    def load(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the weights of a checkpoint; raises `LayerloomError` if they are another network's."""
        self._kept.clear()
        try:
            self.module.load_state_dict(weights)
        except RuntimeError as error:
            raise LayerloomError(f"The weights do not fit the network {self.network.name}.") from error
        self.trained = True

    # Images

    @property
    def data(self) -> LoadedData:
        """The data set, divided as the run did it; it is loaded once. Raises `LayerloomError` if it cannot be had."""
        return self.images.data

    @property
    def listener(self) -> Listener | None:
        """What hears of whatever takes long, and may call it off."""
        return self.images.listener

    @listener.setter
    def listener(self, listener: Listener | None) -> None:
        self.images.listener = listener

    def read(self, path: Path) -> Pixels:
        """The image in a file as the network takes it, ``(C, H, W)``, uint8; raises `LayerloomError`."""
        if self.shape.channels not in (1, 3):
            raise LayerloomError(f"An image has 1 or 3 channels, {self.network.inputs[0]} takes {self.shape.channels}.")
        return read_image(path, self.shape, scaling=self._scaling)

    def prepare(self, pixels: Pixels) -> Tensor:
        """A batch of one, as the network was trained on it: ``(1, C, H, W)``."""
        return self.prepared(fit(pixels, self.shape)[None])

    def prepared(self, images: Pixels) -> Tensor:
        """The same for several images of the size that the network takes: ``(N, C, H, W)``."""
        return self.normalised(torch.from_numpy(images.copy()).to(self.device))

    def normalised(self, pixels: Tensor) -> Tensor:
        """Pixels ``(N, C, H, W)`` from 0 to 255 in the range that the network takes; it can be differentiated."""
        return self.normalisation(pixels).to(self.dtype)

    def damaged(self, pixels: Pixels) -> Pixels:
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
        refused: dict[Asked, LayerloomError] = {}
        reads: dict[Asked, list[str]] = {}
        for one in dict.fromkeys(asked):
            try:
                require_fit(self, one)
                reads[one] = self._reads(one)
            except LayerloomError as error:
                refused[one] = error
        prediction = self._predict(image, chain.from_iterable(reads.values()))
        results: dict[Asked, Result] = {}
        for one in reads:
            try:
                results[one] = self.shown(one, image)
            except LayerloomError as error:
                refused[one] = error
        self._shared = None
        return Sight(
            pixels,
            prediction,
            results,
            {one: str(error) for one, error in refused.items()},
            {one: error.instead for one, error in refused.items() if isinstance(error, NotShownError)},
            before=self.own.look(pixels).prediction if self.alteration else None,
            damaged=self.damaged(pixels) if self.alteration.damages else None,
        )

    def show(self, asked: Asked, pixels: Pixels | None = None) -> Result:
        """What one view shows of an image ``(C, H, W)``, uint8, or of none if it needs none.

        Raises `LayerloomError` if it shows nothing.
        """
        return _last(self.steps(asked, pixels))

    def steps(self, asked: Asked, pixels: Pixels | None = None) -> Iterator[Result]:
        """What one view shows as it comes about, each time all there is so far; the last is whole.

        Whoever stops asking for more cancels it. Raises `LayerloomError` as `show` does.
        """
        require_fit(self, asked)
        yield from self._steps(asked, self.prepare(np.zeros(self.shape, np.uint8) if pixels is None else pixels))

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

    def shown(self, asked: Asked, image: Tensor) -> Result:
        """What one view shows of an image that `prepare` gave."""
        return _last(self._steps(asked, image))

    def _steps(self, asked: Asked, image: Tensor) -> Iterator[Result]:
        """The same as it comes about; what a view gave that looks at many images is kept."""
        view, node = asked
        if asked in self._kept:
            yield self._kept[asked]
            return
        with self._mode(view):
            image = image.clone().requires_grad_() if view.needs_gradients else image
            steps = view.steps(self, image, node)
        while (result := self._next(view, steps)) is not _END:
            if not isinstance(result, Result):
                given = type(result).__name__
                raise LayerloomError(f"The view {view.title} gives {given}, which is no result of a view.")
            yield result
            last = result
        if view.needs_data:
            self._kept[asked] = last

    def _next(self, view: View, steps: Iterator[object]) -> object:
        """The next step, in the mode that the view needs, which ends before who asked for it goes on; or ``_END``."""
        try:
            with self._mode(view), VIEWS.blaming(view):
                return next(steps, _END)
        except UnfitError as error:
            raise LayerloomError(f"The view {view.title} gives what cannot be shown: {error}") from error

    @contextmanager
    def _mode(self, view: View) -> Iterator[None]:
        """The gradient mode that a view needs."""
        if view.needs_gradients:
            with torch.inference_mode(False), torch.enable_grad():
                yield
        else:
            with torch.inference_mode():
                yield

    # What views ask for

    def meaning(self, outputs: Tensor) -> Tensor:
        """What the task makes of main outputs ``(N, …)`` as the loss takes them, in float64."""
        given = self._heads.gives_probabilities(self.loss)
        return self.task.predictions(outputs.float().cpu(), loss=self.loss, probabilities=given)

    def kept_for(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gave for a key before, until other weights are loaded; it is asked if there is none."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def answering(self) -> Callable[[Tensor], Tensor]:
        """What gives the main output ``(N, …)`` for a batch of normalised images, as the loss takes it."""
        tapped = self.part((self.read_at,))
        return lambda images: tapped(images)[self.read_at]

    def values(self, image: Tensor, nodes: Iterable[str]) -> Mapping[str, Tensor]:
        """What some nodes give for ``image``, by name: ``(1, C, H, W)`` for maps and ``(1, N)`` for vectors.

        For a view that needs gradients, each can be differentiated by those before it, and by the image.
        """
        nodes = tuple(nodes)
        if self._shared is not None and self._shared[0] is image and self._shared[1].keys() >= set(nodes):
            return {node: self._shared[1][node] for node in nodes}
        return self.part(nodes)(image)

    def part(self, nodes: Iterable[str]) -> Tapped:
        """What leads to some nodes, ready to be run; those that were asked for last are kept."""
        nodes = tuple(dict.fromkeys(nodes))
        part = self._parts.pop(nodes, None) or Tapped(self.module, nodes)
        self._parts[nodes] = part
        while len(self._parts) > _KEPT_PARTS:
            del self._parts[next(iter(self._parts))]
        return part

    @property
    def scored(self) -> str:
        """The node that gives the scores: what the main output reads, before a softmax of the network."""
        return before(self.network, self.read_at, final_softmaxes(self.network))

    def scores(self, image: Tensor) -> Tensor:
        """What the main output gives, ``(1, …)``, before a softmax of the network.

        Of one output that tells two classes apart, a score for each of them.
        """
        return self.scores_and_values(image, ())[0]

    def scores_and_values(self, image: Tensor, nodes: Iterable[str]) -> tuple[Tensor, Mapping[str, Tensor]]:
        """The `scores`, and the `values` of some nodes, of one pass: the former can be differentiated by the latter."""
        values = self.values(image, (*nodes, self.scored))
        with LOSSES.blaming(self.loss):
            return self.loss.scores(values[self.scored]), values


def _last(steps: Iterable[Result]) -> Result:
    (last,) = deque(steps, maxlen=1)
    return last
