"""What can be wrong with a drawing, as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from engine.layers import Shape, Suggestion
from engine.network.network import Network


class Severity(StrEnum):
    """What blocks training is wrong, or merely not drawn yet; warnings do not block it."""

    ERROR = "error"
    UNFINISHED = "unfinished"
    WARNING = "warning"

    @property
    def blocks(self) -> bool:
        """Whether nothing can train until the problem is gone."""
        return self is not Severity.WARNING


@dataclass(frozen=True, slots=True)
class Fix:
    """One edit that removes a problem; it was applied to a copy and seen to, before it is shown.

    ``label`` is the button ("Insert Flatten"); ``effect`` says what it does and costs in one sentence;
    ``edit`` changes the network given to it; ``assumed`` is the output shape the node would then have. One that
    ``removes`` what is drawn comes after all that build something.
    """

    label: str
    effect: str
    edit: Callable[[Network], object] = field(compare=False, repr=False)
    assumed: Shape | None = None
    removes: bool = False

    def then(self, other: Fix) -> Fix:
        """Both, this one first: "Connect conv1, insert Flatten"."""

        def edit(network: Network) -> None:
            self.edit(network)
            other.edit(network)

        label = f"{self.label}, {other.label[0].lower()}{other.label[1:]}"
        return Fix(label, f"{self.effect} {other.effect}", edit, other.assumed)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the drawing.

    ``code`` is stable (scripts may rely on it); ``node`` is "" for the whole network; ``port`` names the input
    port concerned, if one is; ``short`` stands in the node in place of its shape. One that a recipe has is about its
    ``setting``, and ``suggestions`` are changes to the recipe that cure it.
    """

    code: str
    severity: Severity
    node: str
    message: str
    hint: str = ""
    short: str = ""
    port: str = ""
    fixes: tuple[Fix, ...] = ()
    setting: str = ""
    suggestions: tuple[Suggestion, ...] = field(default=(), hash=False)


def of_severity(problems: Iterable[Problem], severity: Severity) -> tuple[Problem, ...]:
    """Those of one severity, in their order."""
    return tuple(problem for problem in problems if problem.severity is severity)
