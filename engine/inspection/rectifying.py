"""The rule that changes whatever rectifies in a network, whatever form it has, also inside modules that torch lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import fx, nn
from torch.overrides import TorchFunctionMode

from engine.inspection.activations import activation_of
from engine.inspection.rewriting import Call, Rule, Target


def changing_rectifiers(change: Callable[[Target], Target]) -> Rule:
    """The rule by which ``change`` answers what is called in place of each ReLU, with the same arguments."""

    def rule(node: fx.Node, target: Target, arguments: tuple[Any, ...]) -> Target | None:
        activation = activation_of(Call(target, arguments, dict(node.kwargs)))
        if activation:
            return change(target) if activation.rectifies else None
        return _changed_inside(target, change) if may_rectify_inside(target) else None

    return rule


def may_rectify_inside(target: Target) -> bool:
    """Whether it is a module that torch lacks, and no graph: what it calls is seen only as it runs."""
    return isinstance(target, nn.Module) and not type(target).__module__.startswith("torch.")


def _changed_inside(target: Target, change: Callable[[Target], Target]) -> Target:
    def call(*arguments: Any, **keywords: Any) -> Any:
        with _Changed(change):
            return target(*arguments, **keywords)

    return call


class _Changed(TorchFunctionMode):
    """Changes every ReLU that is called while it is in force, in this thread."""

    def __init__(self, change: Callable[[Target], Target]) -> None:
        super().__init__()
        self._change = change

    def __torch_function__(
        self, function: Target, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        keywords = dict(kwargs or {})
        activation = activation_of(Call(function, args, keywords))
        target = self._change(function) if activation and activation.rectifies else function
        return target(*args, **keywords)
