"""The sentence with which a training is refused."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import LayerloomError
from engine.network import Problem
from engine.tasks.common_problems import UNFIT, fitting_batch
from engine.tasks.setup import Setup
from engine.tasks.task import Task
from engine.words import path_text

_MOST_NAMED = 3


class NotTrainableError(LayerloomError):
    """Network, data and recipe do not go together; ``hint`` says what to do, ``code`` which kind of event it is.

    ``changes`` are values of the recipe that may help.
    """

    def __init__(
        self, message: str, *, hint: str = "", code: str = "network", changes: Mapping[str, float] | None = None
    ) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint
        self.code = code
        self.changes = changes or {}


def require_trainable(task: Task, setup: Setup) -> None:
    """Raise `NotTrainableError` for what stands in the way: all errors of the drawing, or else the first other one."""
    drawn = setup.analysis.blocking
    if drawn:
        listed = " ".join(_sentence(problem) for problem in drawn[:_MOST_NAMED])
        more = f" And {len(drawn) - _MOST_NAMED} more." if len(drawn) > _MOST_NAMED else ""
        raise NotTrainableError(f"The network has {len(drawn)} problem{'s' * (len(drawn) > 1)}. {listed}{more}")
    first = next((problem for problem in task.problems(setup) if problem.severity.blocks), None)
    if first is None:
        return
    if first.code == "out_of_memory":
        fitting = fitting_batch(setup)
        changes = {"batch_size": float(fitting)} if fitting else {}
        raise NotTrainableError(first.message, hint=first.hint, code=first.code, changes=changes)
    code = "settings" if first.code == UNFIT else "network"
    raise NotTrainableError(first.message, hint=first.hint, code=code)


def _sentence(problem: Problem) -> str:
    return f"{path_text(problem.node)}: {problem.message}" if problem.node else problem.message
