"""A program of its own that kills trainings and goes on with them: PLACE SEED ROUNDS."""

import json
import random
import sys
from pathlib import Path

import torch
from killing import finished, killed_at
from safetensors.torch import load_file
from small_training import curve, settings, small_network

from engine.data.settings import DataSettings
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project

MOST_OPERATIONS = 45  # about as many as two epochs take
KILLS = 3


def train(path: Path) -> None:
    """Train from wherever the folder stands to the end."""
    torch.set_num_threads(1)
    project = Project(small_network(dropout=0.3), DataSettings(), settings(epochs=2, batch_size=256))
    run = RunFolder(path) if RunFolder.is_run(path) else None
    if run is None or run.end() is None:
        list(run_project(project, path, resume=run is not None))


def left(path: Path) -> dict[str, object]:
    """What must not depend on whether a training was killed.

    Its lock may: that of a dead writer holds nobody up, and goes when the folder is written again.
    """
    run = RunFolder(path)
    weights = {which: load_file(run.checkpoint(which)) for which in ("last", "best")}
    return {
        "curve": curve(run.events()),
        "end": run.end().best_epoch,
        "kept": run.kept_epochs(),
        "weights": {which: {name: value.tolist() for name, value in state.items()} for which, state in weights.items()},
        "files": sorted(str(file.relative_to(path)) for file in path.rglob("*") if file != run.lock_file),
    }


def main(place: Path, seed: int, rounds: int) -> None:
    finished(place, lambda: train(place / "whole"))
    whole = left(place / "whole")
    chances = random.Random(seed)
    for number in range(rounds):
        path, operations = place / f"run-{number}", [chances.randint(1, MOST_OPERATIONS) for _ in range(KILLS)]
        kills = [killed_at(operation, path, lambda path=path: train(path)) for operation in operations]
        finished(path, lambda path=path: train(path))
        now = left(path)
        differs = [what for what, value in whole.items() if now[what] != value]
        print(json.dumps({"operations": operations, "killed": kills, "differs": differs}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
