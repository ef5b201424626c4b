"""What the table of runs has a column for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.words import duration, thousands
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import NOTHING, figure_text, status_note, with_unit
from gui.train.table.fields import Field, fields_of


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its ``key``: its title, what it says of a run, and what it sorts by; ``usual`` ones are shown.

    ``keep`` takes what was typed, where it can be edited.
    """

    key: str
    title: str
    text: Callable[[Run], str]
    value: Callable[[Run], float | str]
    usual: bool = True
    keep: Callable[[Runs, Run, str], None] | None = None

    @property
    def is_figure(self) -> bool:
        """Whether it stands right, in digits of one width."""
        return self.key in _FIGURES


_TOLD = ("training.epochs",)  # which another column tells
_FIGURES = ("number", "score", "loss", "best", "epochs", "time")


def columns_for(runs: Sequence[Run]) -> list[Column]:
    """All columns there are for these runs; settings in which they differ are shown."""
    return [*_fixed(runs), *(_setting(field) for field in fields_of(runs) if field.key not in _TOLD)]


def _fixed(runs: Sequence[Run]) -> Iterator[Column]:
    watched = {run.watched for run in runs}
    score = with_unit(f"Val {next(iter(watched)).short}", next(iter(watched))) if len(watched) == 1 else "Validation"
    yield Column("number", "Run", lambda run: str(run.number), lambda run: run.number)
    yield _words("name", "Name", lambda run: run.name or run.project.network.name, keep=Runs.rename)
    yield _words("note", "Note", lambda run: run.note, keep=Runs.annotate)
    yield _words("status", "Status", status_note)
    yield Column("score", score, lambda run: figure_text(run.watched, run.score), lambda run: _number(run.score))
    yield Column("best", "Best epoch", _best, lambda run: run.best_epoch or 0)
    yield Column("epochs", "Epochs", _epochs, lambda run: len(run.epochs))
    yield Column("time", "Time", lambda run: duration(run.seconds), lambda run: run.seconds)


def _words(
    key: str, title: str, text: Callable[[Run], str], *, keep: Callable[[Runs, Run, str], None] | None = None
) -> Column:
    return Column(key, title, text, lambda run: text(run).casefold(), keep=keep)


def _setting(field: Field) -> Column:
    def value(run: Run) -> float | str:
        found = field.value(run)
        return float(found) if isinstance(found, int | float) else field.text(run)

    return Column(field.key, field.title, field.text, value, usual=field.differs)


def _best(run: Run) -> str:
    return thousands(run.best_epoch) if run.best_epoch else NOTHING


def _epochs(run: Run) -> str:
    done, planned = len(run.epochs), run.total_epochs
    return thousands(done) if done == planned else f"{thousands(done)} of {thousands(planned)}"


def _number(value: float | None) -> float:
    return -math.inf if value is None or math.isnan(value) else value
