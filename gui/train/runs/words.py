"""How the window words what runs measure: durations, percentages, losses, rates."""

from __future__ import annotations

import math

from engine.data.part_words import SPOKEN
from engine.machine.memory import Memory
from engine.recipe.metrics import Measured
from engine.recipe.recipe import Recipe
from engine.words import counted, rate_text, scientific_text, si, thousands
from gui.readiness import Obstacle
from gui.train.runs.run import Run
from gui.train.runs.status import RunStatus

NOTHING = "–"
RESUME = "Resume"
QUEUE_IT = "Queue it"
_GIGABYTE = 1e9


def to_train(obstacle: Obstacle | None) -> str:
    """What leads to a first run: the keys that start it, or what is in its way."""
    return obstacle.text if obstacle else "Press Ctrl+Enter to train."


def percent(fraction: float | None, decimals: int = 1) -> str:
    """A fraction in per cent without its sign, for columns that say "%": "94.1"."""
    return NOTHING if fraction is None else f"{100 * fraction:.{decimals}f}"


def loss_text(loss: float | None, decimals: int = 2) -> str:
    """A loss as a table shows it: "0.38"; scientific where decimals would hide it."""
    if loss is None or math.isnan(loss):
        return NOTHING
    if math.isinf(loss) or abs(loss) >= 10_000:
        return f"{loss:.1e}"
    return f"{loss:.{decimals}f}"


def figure_text(metric: Measured, value: float | None, decimals: int = 2) -> str:
    """A metric's value as a column shows it whose head says the unit: "94.1", "0.38"."""
    if value is not None and math.isnan(value):
        value = None
    return percent(value) if metric.unit == "%" else loss_text(value, decimals)


def figure_with_unit(metric: Measured, value: float | None) -> str:
    """A metric's value with its unit: "94.1 %", "0.38"."""
    text = figure_text(metric, value)
    return text if text == NOTHING else f"{text} {metric.unit}".rstrip()


def ending_text(run: Run) -> str:
    """How a run ended: "Finished: 98.5 %, the best validation accuracy, after epoch 12 of 20."; "" while it trains."""
    of_all = ""  # said once, and always of the epochs that were planned
    match run.status:
        case RunStatus.FAILED:
            return f"{run.failure.message} {run.failure.hint}".strip() if run.failure else ""
        case RunStatus.FINISHED:
            how = f"Ended early after {_epoch_of(run)}" if run.ended_early else "Finished"
            of_all = "" if run.ended_early else f" of {thousands(run.total_epochs)}"
        case RunStatus.STOPPED:
            how = f"Stopped in {_epoch_of(run)}"
        case _:
            return ""
    if run.score is None or math.isnan(run.score):
        return f"{how}."
    best = f"the best validation {run.watched.title.lower()}"
    after = f", after epoch {thousands(run.best_epoch)}{of_all}" if run.best_epoch else ""
    return f"{how}: {figure_with_unit(run.watched, run.score)}, {best}{after}."


def _epoch_of(run: Run) -> str:
    """Where a run is, of the epochs that were planned: "epoch 12 of 20"."""
    return f"epoch {thousands(max(run.epoch, 1))} of {thousands(run.total_epochs)}"


def with_unit(title: str, metric: Measured) -> str:
    """The head of a column or the title of a chart: "Accuracy (%)"."""
    return f"{title} ({metric.unit})" if metric.unit else title


def rate(value: float) -> str:
    """A learning rate as people write it: "0.061", "5e-4"."""
    return rate_text(value)


def scientific(value: float | None) -> str:
    """Two digits and an exponent: "4.1e-1"; a dash where there is nothing."""
    return NOTHING if value is None else scientific_text(value)


def speed(images_per_second: float) -> str:
    """Throughput: "1 940 images/s"."""
    return f"{thousands(round(images_per_second))} images/s"


def memory_text(memory: Memory) -> str:
    """How much of a device's memory is held: "11.4 of 139 GB"."""
    return f"{si(memory.used / _GIGABYTE)} of {si(memory.total / _GIGABYTE)} GB"


def pace_text(run: Run) -> str:
    """The time of a batch, the best epoch and the number format: "Batch 33 ms · epoch 14 kept as best · float32"."""
    if run.started is None:
        return ""
    batch = f"Batch {1000 * run.seconds_per_batch:.0f} ms" if run.seconds_per_batch else ""
    waits = f"{100 * run.waited.share:.0f} % of it waiting" if run.waited else ""
    best = f"epoch {thousands(run.best_epoch)} kept as best" if run.best_epoch else ""
    return " · ".join(part for part in (batch, waits, best, _FORMATS.get(run.started.precision, "")) if part)


def turn_of_member(run: Run) -> str:
    """Which of its ensemble a run is: "run 2 of 3 of the ensemble"; "" for a run of its own."""
    return f"run {run.member.number} of {run.member.of} of the ensemble" if run.member else ""


def status_note(run: Run) -> str:
    """The line below a run's title: "cosine · running", "constant · 30 epochs", "stopped in epoch 3 of 30"."""
    of = f"ensemble {run.member.number}/{run.member.of} · " if run.member else ""  # rows are narrow
    schedule = f"{of}{run.settings.schedule.title.lower()}"
    match run.status:
        case RunStatus.FINISHED if run.ended_early:
            return f"{of or schedule + ' · '}ended early after {_epoch_of(run)}"
        case RunStatus.FINISHED:
            return f"{schedule} · {counted(run.total_epochs, 'epoch')}"
        case RunStatus.STOPPED:
            return f"{of or schedule + ' · '}stopped in {_epoch_of(run)}"
        case RunStatus.FAILED if run.failure:
            return f"{of}lr {rate(run.settings.learning_rate)} · {_FAILURES.get(run.failure.code, 'failed')}"
    return f"{schedule} · {run.status.value}"


_FORMATS = {"32-true": "float32", "bf16-mixed": "mixed bfloat16", "16-mixed": "mixed float16"}

_STATUS_ICONS = {
    RunStatus.PREPARING: ("mdi6.timer-sand", "muted"),
    RunStatus.RUNNING: ("mdi6.play", "muted"),
    RunStatus.PAUSED: ("mdi6.pause", "muted"),
    RunStatus.STOPPED: ("mdi6.stop", "muted"),
    RunStatus.FINISHED: ("mdi6.check", "muted"),
    RunStatus.FAILED: ("mdi6.alert", "warn"),
}


def status_icon(run: Run) -> tuple[str, str]:
    """The icon and the colour token of the line below a run's title."""
    return ("mdi6.flag-outline", "muted") if run.ended_early else _STATUS_ICONS[run.status]


_FAILURES = {
    "not_finite": "loss not finite",
    "out_of_memory": "memory full",
    "data": "data",
    "disk": "disk",
    "removed": "folder removed",
    "network": "network does not fit",
}


def settings_facts(recipe: Recipe) -> list[tuple[str, str]]:
    """The recipe as names and values."""
    watched = [("Best epoch by", recipe.watch.title)] if recipe.watch else []
    together = [("Ensemble", f"{recipe.ensemble} runs")] if recipe.ensemble > 1 else []
    started = [("Initial weights", recipe.initialisation.summary())] if recipe.initialisation.changes else []
    return [
        ("Optimiser", recipe.optimiser.summary()),
        ("Learning rate", f"{rate(recipe.learning_rate)}, {recipe.schedule.summary().lower()}"),
        ("Weight decay", rate(recipe.weight_decay)),
        ("Batch", counted(recipe.batch_size, "image")),
        ("Epochs", thousands(recipe.epochs)),
        ("Loss", recipe.loss.summary()),
        *started,
        *watched,
        ("Early stopping", f"patience {recipe.patience}" if recipe.patience else "off"),
        ("Device", recipe.device.label),
        ("Precision", recipe.precision.label),
        ("Seed", str(recipe.seed)),
        *together,
    ]


def data_text(run: Run) -> str:
    """What a run learns from: its data set, classes and how many images of each split."""
    if run.record is None:
        return run.project.data.source.summary()
    counts = ", ".join(f"{thousands(count)} {SPOKEN[name]}" for name, count in run.record.images.items())
    skipped = f"\n{counted(run.record.skipped_files, 'file')} left out" if run.record.skipped_files else ""
    classes = f", {counted(len(run.record.classes), 'class', 'classes')}" if run.record.classes else ""
    return f"{run.record.data}{classes}\n{counts} images{skipped}"
