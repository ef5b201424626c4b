"""Reading the folder that a run leaves behind; needs no torch until weights are asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.normalise import Normalisation
from engine.data.parts import Parts, PartsError
from engine.errors import LayerloomError
from engine.files import (
    as_file_name,
    is_file,
    is_folder,
    is_there,
    read_whole,
    reason_of,
    remove_leftovers,
    require_text,
)
from engine.layers.shape import Shape
from engine.log import log_note
from engine.network import analyse
from engine.project import Project, load_project, setup_of
from engine.runs.record import RunRecord, read_record
from engine.training.events import EpochDone, Event, Failed, Finished, from_json
from engine.words import counted, shape_text

if TYPE_CHECKING:
    from torch import Tensor, fx

_EPOCH = re.compile(r"epoch_(\d+)\.safetensors")

OF_PROJECT = "-runs"
"""What the folder of a project's runs is called after the name of its file."""


class RunFolder:
    """One training on disk::

    project.loom                the network, data and training settings as they were when it began
    run.json                    classes, mean and standard deviation, device, versions (`RunRecord`)
    parts.json                  which images train, validate and test (`Parts`)
    fingerprints.json           marks by which each image file is known again, by its name
    metrics.jsonl               the events, one a line
    checkpoints/epoch_003.safetensors, best.safetensors    weights alone
    checkpoints/last.safetensors                           weights, optimiser state and position, to go on from
    inside/                     what was found about its units (`engine.inspection.units.keeping`); can be deleted
    .lock                       there while it is written, and after its writer was killed
    """

    def __init__(self, path: Path | str) -> None:
        """Open the run at ``path``; raises `LayerloomError` if there is none."""
        self.path = Path(path)
        self.lines_lost = 0  # of the events, where they have been read; one that a crash cut short is none
        if not is_file(self.record_file):
            raise LayerloomError(f"{self.path} is no run: it has no {self.record_file.name}.")

    @staticmethod
    def is_run(path: Path | str) -> bool:
        """Whether a run is kept at ``path``."""
        return is_file(Path(path) / "run.json")

    @property
    def project_file(self) -> Path:
        """Where the project is."""
        return self.path / "project.loom"

    @property
    def record_file(self) -> Path:
        """Where the record is."""
        return self.path / "run.json"

    @property
    def parts_file(self) -> Path:
        """Where it stands which images train, validate and test."""
        return self.path / "parts.json"

    @property
    def fingerprints_file(self) -> Path:
        """Where the marks of the image files are."""
        return self.path / "fingerprints.json"

    @property
    def metrics_file(self) -> Path:
        """Where the events are."""
        return self.path / "metrics.jsonl"

    @property
    def lock_file(self) -> Path:
        """What the only process that writes the run holds."""
        return lock_file(self.path)

    def checkpoint(self, which: str | int) -> Path:
        """The file of "best", "last" or of an epoch's number."""
        name = f"epoch_{which:03d}" if isinstance(which, int) else which
        return self.path / "checkpoints" / f"{name}.safetensors"

    @cached_property
    def record(self) -> RunRecord:
        """What the run remembers of its circumstances; raises `LayerloomError` for a file that cannot be read."""
        return read_record(self.record_file)

    @cached_property
    def parts(self) -> Parts | None:
        """Which images train, validate and test; None for an old run, which did not keep that.

        Raises `LayerloomError` for a file that cannot be read.
        """
        if not self.record.keeps_parts:
            return None
        try:
            return Parts.from_json(json.loads(read_whole(self.parts_file).decode("utf-8-sig")))
        except FileNotFoundError:
            raise LayerloomError(f"{self.path} has no {self.parts_file.name}: which images trained is lost.") from None
        except OSError as error:
            raise LayerloomError(f"{self.parts_file} cannot be read: {reason_of(error)}.") from error
        except (ValueError, RecursionError) as error:
            raise LayerloomError(f"{self.parts_file} is damaged: {_reason(error)}.") from error

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """Marks by which each image file is known again, by its name; none where the run did not keep them.

        Raises `LayerloomError` for a file that cannot be read.
        """
        try:
            marks = json.loads(read_whole(self.fingerprints_file))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise LayerloomError(f"{self.fingerprints_file} cannot be read: {reason_of(error)}.") from error
        except (ValueError, RecursionError) as error:
            raise LayerloomError(f"{self.fingerprints_file} is damaged: {_reason(error)}.") from error
        if not isinstance(marks, dict) or not all(isinstance(mark, str) for mark in marks.values()):
            raise LayerloomError(f"{self.fingerprints_file} is damaged: an object with a text for each name is needed.")
        return marks

    @property
    def input_shape(self) -> Shape:
        """What one image is for this network; raises `LayerloomError` where the record says another."""
        return Shape(*self._fitting_record.input_shape)

    @property
    def normalisation(self) -> Normalisation:
        """Mean and standard deviation of each channel of such an image; raises `LayerloomError` likewise."""
        return Normalisation(self._fitting_record.mean, self._fitting_record.std)

    @cached_property
    def _fitting_record(self) -> RunRecord:
        """The record, which tells the same shape as the network, and as many classes."""
        project = self.project()
        network = project.network
        analysis, recorded = analyse(network), Shape(*self.record.input_shape)
        taken = [analysis[name].output for name in network.inputs]
        if taken != [recorded]:
            takes = " and ".join(map(shape_text, taken)) or "no image"
            raise LayerloomError(
                f"{self.record_file} is damaged: its input_shape is {shape_text(recorded)}, "
                f"but the network in {self.project_file.name} takes {takes}."
            )
        learned = replace(setup_of(project, analysis), classes=len(self.record.classes))
        if any(project.task.misfits(learned)):
            names = counted(len(self.record.classes), "class", "classes")
            raise LayerloomError(
                f"{self.record_file} is damaged: it names {names}, which is not what the network in "
                f"{self.project_file.name} tells apart."
            )
        return self.record

    def project(self) -> Project:
        """The project as it was when training began; raises `LayerloomError` for a damaged file."""
        return load_project(self.project_file)

    def events(self) -> Iterator[Event]:
        """The events that were kept, in order; a line that tells none, as a crash cuts one short, is passed over.

        Raises `LayerloomError` when the file cannot be read at all.
        """
        passed_over: list[int] = []
        self.lines_lost = 0
        for number, line in enumerate(self._lines(), 1):
            try:
                event = from_json(json.loads(line.decode("utf-8-sig")))
            except (ValueError, RecursionError):
                passed_over.append(number)
                self.lines_lost += line.endswith(b"\n")
                continue
            if event is not None:
                yield event
        if passed_over:
            lines = counted(len(passed_over), "line")
            log_note(f"{self.metrics_file}: {lines} passed over as no event, the first is line {passed_over[0]}")

    def _lines(self) -> list[bytes]:
        try:
            return read_whole(self.metrics_file).splitlines(keepends=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise LayerloomError(f"{self.metrics_file} cannot be read: {reason_of(error)}.") from error

    def epochs(self) -> list[EpochDone]:
        """Loss and accuracy after each epoch."""
        return [event for event in self.events() if isinstance(event, EpochDone)]

    def end(self) -> Finished | Failed | None:
        """How the run ended; None while it goes on, or when the program ended before it."""
        ends = [event for event in self.events() if isinstance(event, Finished | Failed)]
        return ends[-1] if ends else None

    def is_untrained(self) -> bool:
        """Whether the program ended before the first checkpoint, so that going on means to begin."""
        return not (self.checkpoint("last").exists() or self.kept_epochs() or self.epochs())

    def remove_leftovers(self) -> None:
        """Remove what a killed program left half written; only while nobody else writes here."""
        for place in (self.path, self.path / "checkpoints"):
            remove_leftovers(place)

    def kept_epochs(self) -> tuple[int, ...]:
        """The epochs whose weights are kept."""
        files = (self.path / "checkpoints").glob("epoch_*.safetensors")
        return tuple(sorted(int(found[1]) for file in files if (found := _EPOCH.fullmatch(file.name))))

    def newest(self, which: str | int = "best") -> str | int:
        """``which`` if it is kept, else "last": a run that stopped in its first epoch has no best one."""
        if which == "best" and not self.checkpoint("best").exists():
            return "last"
        return which

    def weights(self, which: str | int = "best") -> dict[str, Tensor]:
        """The state dict of "best", "last" or an epoch; raises `LayerloomError` if it is not kept."""
        from engine.runs.checkpoints import load_weights

        which = self.newest(which)
        if not self.checkpoint(which).exists():
            kept = ", ".join(map(str, self.kept_epochs())) or "none yet"
            raise LayerloomError(f"The weights of '{which}' are not kept in {self.path}; kept epochs: {kept}.")
        return load_weights(self.checkpoint(which))

    def load_model(self, which: str | int = "best", *, logits: bool = False) -> fx.GraphModule:
        """The trained network in evaluation mode on the CPU.

        ``logits`` leaves out what its loss does by itself, such as a final softmax: it gives what was trained.
        """
        from engine.compiling import compile_network
        from engine.tasks.heads import left_out_for

        project = self.project()
        left_out = left_out_for(project.training.loss, project.network) if logits else ()
        model = compile_network(project.network, left_out=left_out)
        try:
            model.load_state_dict(self.weights(which))
        except RuntimeError as error:
            raise LayerloomError(f"The weights in {self.path} do not fit its network.") from error
        model.eval()
        return model


def _reason(error: ValueError | RecursionError) -> str:
    """Why a file of JSON is none, as the end of a sentence."""
    match error:
        case PartsError():
            return str(error)
        case json.JSONDecodeError(lineno=line, colno=column):
            return f"line {line}, column {column} is not JSON"
        case UnicodeDecodeError():
            return "it is not a text file"
        case RecursionError():
            return "it is nested too deeply"
    return "it holds a number that is far too long"


def lock_file(path: Path) -> Path:
    """What a process holds while it writes the run at ``path``, from before anything else of it is there."""
    return path / ".lock"


def runs_beside(project: Path) -> Path:
    """Where the window keeps the runs of a project that was saved in a file: ``NAME-runs`` beside it."""
    return project.with_name(f"{project.stem}{OF_PROJECT}")


def free_for_run(path: Path) -> Path:
    """``path``, if a new run can be kept there: it is new, an empty folder, or one where no run came to begin.

    Raises `LayerloomError` otherwise.
    """
    require_text(path.absolute(), what="The folder for the run")  # safetensors reads no other
    cut_off = is_file(lock_file(path)) and not RunFolder.is_run(path)  # its writer was killed while it made the folder
    if is_there(path) and not cut_off and (not is_folder(path) or any(path.iterdir())):
        raise LayerloomError(f"{path} exists already: choose another folder for the run, or resume it.")
    return path


def next_run_folder(parent: Path, name: str) -> Path:
    """The first of ``name-1``, ``name-2`` … that does not exist in ``parent``."""
    stem = as_file_name(name) or "run"
    taken = {path.name for path in parent.iterdir()} if is_folder(parent) else set()
    return parent / next(f"{stem}-{number}" for number in range(1, len(taken) + 2) if f"{stem}-{number}" not in taken)
