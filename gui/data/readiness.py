"""Whether the project as it is can train, and what to do if it cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.network import Network, Problem, Severity
from engine.project import setup_of
from engine.words import counted, path_text
from gui.document import Document


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why training cannot start, in one sentence, and perhaps the edit that would clear the way."""

    text: str
    fix_label: str = ""
    fix: Callable[[Network], object] | None = None


def problems(document: Document, *, classes: int | None = None) -> tuple[Problem, ...]:
    """Everything wrong with the project; ``classes`` counts those of data that must be read first, if known."""
    project = document.project
    return project.task.problems(setup_of(project, document.analysis, classes=classes))


def obstacle(document: Document, *, classes: int | None = None) -> Obstacle | None:
    """What blocks training now, or None: the errors of the drawing in one sentence, or else the first other error."""
    errors = document.analysis.errors
    if errors:
        nodes = dict.fromkeys(path_text(problem.node) for problem in errors if problem.node)
        where = f": {', '.join(nodes)}" if nodes else ""
        verb = "blocks" if len(errors) == 1 else "block"
        return Obstacle(f"{counted(len(errors), 'error')} {verb} training{where}.")
    found = problems(document, classes=classes)
    first = next((problem for problem in found if problem.severity is Severity.ERROR), None)
    if first is None:
        return None
    fix = first.fixes[0] if first.fixes else None
    return Obstacle(first.message, fix.label, fix.edit) if fix else Obstacle(first.message)
