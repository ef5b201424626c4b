"""The figures of runs as files for other programs."""

from engine.runs.export.tables import epochs_csv
from engine.runs.export.tensorboard import write_tensorboard

__all__ = ["epochs_csv", "write_tensorboard"]
