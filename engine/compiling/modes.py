"""Graph modules of which parts know no training mode, or that compute other things in it than in evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from torch import fx, nn


class NetworkModule(fx.GraphModule):
    """An `fx.GraphModule` whose frozen parts, named by ``meta["frozen"]``, stay in evaluation mode.

    So they drop nothing, and the running averages of their batch norms stay as they are.
    """

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        for name in self.meta.get("frozen", ()):
            self.get_submodule(name).eval()
        return self


class TwoModeGraphModule(NetworkModule):
    """A `NetworkModule` with one graph for training mode and one for evaluation mode over the same modules.

    ``training_graph`` must hold every module that ``evaluation_graph`` calls. ``graph``, ``code`` and ``forward``
    are those of the mode that `train` and `eval` last chose.
    """

    def __init__(self, root: nn.Module | dict[str, Any], training_graph: fx.Graph, evaluation_graph: fx.Graph) -> None:
        super().__init__(root, training_graph)
        self.training_graph = self.graph
        self.evaluation_graph = evaluation_graph
        self._use_graph_of_mode()

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        self._use_graph_of_mode()
        return self

    def _use_graph_of_mode(self) -> None:
        graph = self.training_graph if self.training else self.evaluation_graph
        if graph is not self.graph:
            self.graph = graph

    def _deepcopy_init(self) -> Callable[..., None]:
        """How ``copy.deepcopy`` makes the copy from a module ``root`` that holds copies of all attributes."""

        def init(copy: TwoModeGraphModule, root: Any, _: fx.Graph) -> None:
            TwoModeGraphModule.__init__(copy, root, root.training_graph, root.evaluation_graph)

        return init
