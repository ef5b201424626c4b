"""A network with its weights, ready to show what it makes of an image."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx

from engine.compiling import compile_network, final_softmaxes, value_behind
from engine.compiling.taps import Tapped
from engine.data.extents import by_own_range
from engine.data.images import Pixels, fit, read_image
from engine.data.intensity import Scaling
from engine.data.loaded import LoadedData
from engine.data.loading import load
from engine.data.normalise import Normalisation
from engine.data.progress import Listener
from engine.errors import LayerloomError
from engine.inspection.results import NotShownError, Result, UnfitError
from engine.inspection.rewriting import Rule, rewritten
from engine.inspection.sight import Asked, Sight
from engine.inspection.views import VIEWS, View
from engine.layers.shape import Shape
from engine.network import Analysis, Network, analyse
from engine.project import Project
from engine.recipe.initialising import initialise
from engine.recipe.loss import LOSSES
from engine.recipe.recipe import Recipe
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.tasks import Task
from engine.tasks.heads import heads_of, left_out_for

_MOST_NAMED = 12  # layers that a sentence lists
_KEPT_PARTS = 8  # parts of a network that are kept ready to run
_END = object()


class Lens:
    """A compiled network in evaluation mode on ``device``, and the gradient mode that each view needs.

    ``recipe`` says what it starts as by ``seed``, and by its loss what outputs mean. It computes in ``dtype``; what
    views give is float32. ``trained`` says whether weights were loaded. ``images`` loads the data set that some views
    go through. What takes long tells ``listener``, if there is one, how far it is, and may be called off.

    Its parameters never require gradients, so that no view leaves any behind. Raises `LayerloomError` for a network
    that has errors or does not take one image.
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
        self.listener: Listener | None = None
        self.classes = classes
        self.device, self.dtype = torch.device(device), dtype
        self.analysis = analyse(network)
        self.shape = _image_shape(network, self.analysis)
        self.trained = False
        self._recipe = recipe = recipe or Recipe()
        self.module = self.initial_module(seed)
        middle = (0.5,) * self.shape.channels
        self.normalisation = normalisation or Normalisation(middle, middle)
        self._scaling = scaling
        self._task, self._heads, self._loss = task, heads_of(network), recipe.loss
        self._read = _before(network, self._heads.main, left_out_for(self._loss, network))
        self._shared: tuple[Tensor, Mapping[str, Tensor]] | None = None
        self._parts: dict[tuple[str, ...], Tapped] = {}
        self._by_rules: dict[tuple[Rule, ...], Self] = {}
        self._images = images
        self._data: LoadedData | None = None

    @classmethod
    def of_project(cls, project: Project, *, device: str = "cpu", dtype: torch.dtype = torch.float32) -> Lens:
        """The network of a project, with the weights that its training would begin with."""
        network, recipe = project.network, project.training
        lens = cls(network, task=project.task, recipe=recipe, seed=recipe.seed, device=device, dtype=dtype)
        lens._images = lambda listener: load(project.data, lens.shape, progress=listener)
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
        other.module, other._shared, other._parts, other._by_rules = module, None, {}, {}
        return other

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
        return classes if shape.elements in self._loss.outputs_for(classes) else shape.elements

    def load(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the weights of a checkpoint; raises `LayerloomError` if they are another network's."""
        try:
            self.module.load_state_dict(weights)
        except RuntimeError as error:
            raise LayerloomError(f"The weights do not fit the network {self.network.name}.") from error
        self.trained = True

    # Images

    @property
    def data(self) -> LoadedData:
        """The data set, divided as the run did it; it is loaded once. Raises `LayerloomError` if it cannot be had."""
        if self._data is None:
            if self._images is None:
                raise LayerloomError("There are no images to search: train the network on a data set first.")
            self._data = self._images(self.listener)
        return self._data

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

    # Looking

    def look(self, pixels: Pixels, asked: Sequence[Asked] = ()) -> Sight:
        """Show the network an image ``(C, H, W)``, uint8: its prediction, and each view that was asked for."""
        image = self.prepare(pixels)
        refused: dict[Asked, LayerloomError] = {}
        reads: dict[Asked, list[str]] = {}
        for one in dict.fromkeys(asked):
            try:
                self._require_fit(one)
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
        instead = {one: error.instead for one, error in refused.items() if isinstance(error, NotShownError)}
        return Sight(pixels, prediction, results, {one: str(error) for one, error in refused.items()}, instead)

    def show(self, asked: Asked, pixels: Pixels | None = None) -> Result:
        """What one view shows of an image ``(C, H, W)``, uint8, or of none if it needs none.

        Raises `LayerloomError` if it shows nothing.
        """
        return _last(self.steps(asked, pixels))

    def steps(self, asked: Asked, pixels: Pixels | None = None) -> Iterator[Result]:
        """What one view shows as it comes about, each time all there is so far; the last is whole.

        Whoever stops asking for more cancels it. Raises `LayerloomError` as `show` does.
        """
        self._require_fit(asked)
        yield from self._steps(asked, self.prepare(np.zeros(self.shape, np.uint8) if pixels is None else pixels))

    def require_class(self, number: int) -> None:
        """Raise `LayerloomError` if there is no class of that number."""
        if not 0 <= number < self.outputs:
            raise LayerloomError(f"The network has no class {number}: they are counted from 0 to {self.outputs - 1}.")

    def _require_fit(self, asked: Asked) -> None:
        """Raise `LayerloomError` if a view cannot be asked for."""
        view, node = asked
        with VIEWS.blaming(view):
            number = getattr(view, view.class_setting) if view.class_setting else None
        if isinstance(number, int):
            self.require_class(number)
        if not view.needs_node:
            return
        self.output(node)
        layer = self.network.layer(node)
        with VIEWS.blaming(view):
            fits = view.applies_to(layer, self.network)
        if not fits:
            raise LayerloomError(f"The view {view.title} is for {view.subject}, but '{node}' is {layer.title}.")

    def output(self, node: str) -> Shape:
        """What a node gives; raises `LayerloomError` for what is no node that is computed."""
        if node not in self.network:
            named = ", ".join(list(self.network)[:_MOST_NAMED])
            raise LayerloomError(f"There is no layer called '{node}'. There are {named} …")
        if node not in self.module.meta["values"]:
            raise LayerloomError(f"'{node}' is not computed: no layer of that name leads to an output.")
        return self.analysis[node].output or Shape()

    def _reads(self, asked: Asked) -> list[str]:
        """The nodes that a view will read, as far as they are computed."""
        with VIEWS.blaming(asked.view):
            return [read for read in asked.view.reads(asked.node, self.network) if read in self.module.meta["values"]]

    def _predict(self, image: Tensor, reads: Iterable[str]) -> NDArray[np.float64]:
        """What the task says of an image; keeps what the views that are asked for will read."""
        given = self._heads.gives_probabilities(self._loss)
        with torch.inference_mode():
            values = self.values(image, (*reads, self._read))
            self._shared = image, values
            outputs = values[self._read].float().cpu()
            return self._task.predictions(outputs, loss=self._loss, probabilities=given)[0].numpy()

    def shown(self, asked: Asked, image: Tensor) -> Result:
        """What one view shows of an image that `prepare` gave."""
        return _last(self._steps(asked, image))

    def _steps(self, asked: Asked, image: Tensor) -> Iterator[Result]:
        view, node = asked
        with self._mode(view):
            image = image.clone().requires_grad_() if view.needs_gradients else image
            steps = view.steps(self, image, node)
        while (result := self._next(view, steps)) is not _END:
            if not isinstance(result, Result):
                given = type(result).__name__
                raise LayerloomError(f"The view {view.title} gives {given}, which is no result of a view.")
            yield result

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
        return _before(self.network, self._read, final_softmaxes(self.network))

    def scores(self, image: Tensor) -> Tensor:
        """What the main output gives, ``(1, …)``, before a softmax of the network.

        Of one output that tells two classes apart, a score for each of them.
        """
        return self.scores_and_values(image, ())[0]

    def scores_and_values(self, image: Tensor, nodes: Iterable[str]) -> tuple[Tensor, Mapping[str, Tensor]]:
        """The `scores`, and the `values` of some nodes, of one pass: the former can be differentiated by the latter."""
        values = self.values(image, (*nodes, self.scored))
        with LOSSES.blaming(self._loss):
            return self._loss.scores(values[self.scored]), values


def _last(steps: Iterable[Result]) -> Result:
    (last,) = deque(steps, maxlen=1)
    return last


def _before(network: Network, output: str, left_out: Collection[str]) -> str:
    """The node that gives what an output would without some nodes at the end of the network."""
    behind = value_behind(network, output)
    return network.incoming(behind)[0].source if behind in left_out else output


def _image_shape(network: Network, analysis: Analysis) -> Shape:
    """What one image is for a network; raises `LayerloomError` unless there is one input."""
    inputs = network.inputs
    if len(inputs) != 1:
        there = f"there are {len(inputs)}: {', '.join(inputs)}" if inputs else "there is none"
        raise LayerloomError(f"Looking inside needs one input that takes the image; {there}.")
    return analysis[inputs[0]].output or Shape()
