"""The workspace Evaluate: its panels around one `Evaluator`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.evaluate.centre import EvaluateCentre
from gui.evaluate.declared import EvaluateWorkspace
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.figures import FiguresPanel
from gui.look.declared import LookInsideWorkspace
from gui.look.workspace import LookInside
from gui.registry.session import Session
from gui.train.runs.runs import Runs


class Evaluate(QObject):
    """Left the figures, in the centre matrix, images and classes; ``image_chosen`` asks to look inside an image.

    ``done`` says what was evaluated, or "" again.
    """

    image_chosen = Signal(object, int)
    done = Signal(str)

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.evaluator = Evaluator(runs, self)
        self.figures = FiguresPanel(self.evaluator)
        self.matrix = EvaluateCentre(self.evaluator)
        self.evaluator.looked_at.connect(self.image_chosen)
        self.evaluator.changed.connect(self._tell)

    def close(self) -> None:
        """End every thread: the window closes."""
        self.evaluator.close()
        self.figures.close_jobs()
        self.matrix.close_jobs()

    def _tell(self) -> None:
        result = self.evaluator.result
        if result is None:
            self.done.emit("")
            return
        self.done.emit(f"Evaluated {result.what} in {result.seconds:.1f} s")


def look_inside_chosen(session: Session) -> None:
    """Go to Look inside with every image that is chosen in Evaluate, and the weights that were evaluated."""

    def show(pixels: NDArray[np.uint8], label: int) -> None:
        session.show_workspace(LookInsideWorkspace.name)
        inside, run = session.part(LookInside), session.part(Evaluate).evaluator.run
        if run is not None and run.best_epoch in inside.look.epochs:
            inside.look.choose_epoch(run.best_epoch)
        inside.image.show_image(pixels, "Evaluated image", target=np.asarray(label))

    def show_file(path: Path) -> None:
        session.show_workspace(LookInsideWorkspace.name)
        session.part(LookInside).image.open_file(path)

    session.part(Evaluate).image_chosen.connect(show)
    session.part(Evaluate).matrix.own.opened.connect(show_file)


def link_points(session: Session) -> None:
    """Let a cell of the matrix be shown among the points of Look inside, and the other way round."""
    inside, evaluate = session.part(LookInside), session.part(Evaluate)

    def show_points() -> None:
        evaluator = evaluate.evaluator
        if evaluator.cell is not None:
            session.show_workspace(LookInsideWorkspace.name)
            inside.show_cell(evaluator.split, *evaluator.cell)

    def show_cell(part: str, true: int, taken: int) -> None:
        session.show_workspace(EvaluateWorkspace.name)
        evaluate.evaluator.go_to(part, true, taken)

    evaluate.matrix.matrix_page.cell.points_wanted.connect(show_points)
    inside.points.cell_wanted.connect(show_cell)
