"""The bar that the command line shows on standard error while something takes long."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from engine.data.data_words import unread_words
from engine.data.progress import Listener
from engine.data.progress import Progress as Done
from engine.recipe.metrics import Measured
from engine.training.events import EpochDone, Event, Metrics, Started, StepDone
from engine.words import counted, memory, percent_text, thousands


class ProgressBar:
    """A bar on standard error for loading, training and evaluating; a context manager."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, markup=False, highlight=False)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._task: TaskID | None = None
        self._epochs = 0
        self._metrics: tuple[Measured, ...] = ()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:  # Rich ends a bar with an empty line, shown or not
            self._progress.stop()

    def listener(self, go_on: Callable[[], bool] = lambda: True) -> Listener:
        """What to hand to a long task; ``go_on`` is asked each time whether it shall go on."""

        def hear(done: Done) -> bool:
            in_words = memory if done.unit == "bytes" else thousands
            note = f"{in_words(done.done)} of {in_words(done.total)}" if done.total else ""
            self._show(done.task, done.done, done.total, note)
            return go_on()

        return hear

    def show(self, event: Event) -> None:
        """Let an event of a training move the bar; epochs and notes become lines."""
        match event:
            case Started(notes=notes):
                self._epochs = event.epochs
                self._metrics = event.metrics
                self._steps = event.steps_per_epoch
                self._line(
                    f"Training on {event.device}, {counted(event.train_images, 'image')}, "
                    f"{thousands(event.validation_images)} to validate."
                )
                for note in notes:
                    self._line(note)
            case StepDone():
                note = f"loss {event.loss:.3f}, {thousands(round(event.images_per_second))} images/s"
                self._show(self._epoch_of(event.epoch), event.step, self._epochs * self._steps, note)
            case EpochDone():
                self._line(
                    f"{self._epoch_of(event.epoch)}  training {self._figures(event.train)}"
                    + (f"  validation {self._figures(event.validation)}" if event.validation else "")
                    + f"  {event.seconds:.1f} s"
                )
                if event.unread:
                    self._line(unread_words(event.unread))

    def _line(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)

    def _show(self, task: str, done: int, total: int, note: str) -> None:
        if self._task is None:
            self._task = self._progress.add_task(task, note=note)
        self._progress.update(self._task, description=task, completed=done, total=total or None, note=note)

    def _epoch_of(self, epoch: int) -> str:
        return f"Epoch {thousands(epoch)} of {thousands(self._epochs)}"

    def _figures(self, metrics: Metrics) -> str:
        return " ".join(f"{one.name} {_figure(one, metrics[one.name])}" for one in self._metrics if one.name in metrics)


def _figure(metric: Measured, value: float) -> str:
    return percent_text(value) if metric.unit == "%" else metric.text(value)
