"""The command that moves images to the folder of another class, and back."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Json, Moved, Run
from cli.terminal import answer, answer_json, say
from engine.errors import LayerloomError
from engine.files import readable
from engine.words import counted

if TYPE_CHECKING:
    from engine.data.progress import Listener
    from engine.data.source import Source
    from engine.evaluation.relabelling import Move

_NO_FOLDER = "The labels of a published data set stay as they are: only a folder of images can change."


def relabel(
    run: Run,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="Images, as evaluate --label-errors names them.")
    ] = None,
    to: Annotated[str, typer.Option(metavar="CLASS", help="The class whose folder they shall lie in.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Move back what was moved last.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be moved, and move nothing.")] = False,
    data: Moved = "",
    as_json: Json = False,
) -> None:
    """Move image files of a run's data into the folder of another class: all of them, or none; never over a file."""
    from cli.progress_bar import ProgressBar
    from engine.evaluation.relabelling import relabel as move
    from templates.targets import open_run

    if undo == bool(to):
        raise LayerloomError("Say which class the images are of with --to CLASS, or --undo to move the last ones back.")
    if undo and files:
        raise LayerloomError("--undo moves back all that was moved last: leave out the files.")
    if to and not files:
        raise LayerloomError("Which images? Name the files, as evaluate RUN --label-errors lists them.")
    source = open_run(run).project().data.source
    source = source.moved_to(Path(data)) if data else source
    if source.folder is None:
        raise LayerloomError(_NO_FOLDER)
    with ProgressBar() as progress:
        listener = progress.listener()
        moves = _last(source.folder) if undo else _wanted(source, source.folder, files or (), to, listener)
        if not dry_run:
            move(source.folder, moves, progress=listener)
    if as_json:
        pairs = [{"from": one.source, "to": one.target} for one in moves]
        answer_json({"folder": str(source.folder), "moved": not dry_run, "moves": pairs})
        return
    for one in moves:
        answer(f"{readable(one.source)} → {readable(one.target)}")
    say(_ending(source.folder, counted(len(moves), "file"), done=not dry_run, undone=undo))


def _last(folder: Path) -> Sequence[Move]:
    """What takes back the latest moves."""
    from engine.evaluation.relabelling import last_relabelled

    last = last_relabelled(folder)
    if last is None:
        raise LayerloomError(f"Nothing was moved in {folder} that could be moved back.")
    return last.back


def _wanted(source: Source, folder: Path, files: Sequence[str], to: str, listener: Listener) -> Sequence[Move]:
    """What brings files to a class, under another name where theirs is taken."""
    from engine.evaluation.relabelling import beside_others, to_class

    labels = _Labels.of(source, folder, listener)
    names = list(dict.fromkeys(map(labels.name, files)))
    own = labels.folder_of(to)
    there = [name for name in names if labels.labels[name] == to]
    if there:
        raise LayerloomError(f"{readable(there[0])} is labelled {to} already: nothing is moved.")
    return beside_others(folder, [to_class(name, labels.folder_of(labels.labels[name]), own) for name in names])


@dataclass(frozen=True)
class _Labels:
    """The class of each image of a folder by its name, and the ``folders`` of classes that have another name."""

    root: Path
    labels: dict[str, str]
    classes: tuple[str, ...]
    folders: dict[str, str]

    @classmethod
    def of(cls, source: Source, root: Path, listener: Listener) -> _Labels:
        """Those of a source that reads the folder ``root``."""
        from engine.data.asking import listed

        listing = listed(source, progress=listener)
        classes = listing.description.classes
        owners = [classes[label] for label in listing.labels.tolist()]
        return cls(root, dict(zip(map(str, listing.names), owners, strict=True)), classes, dict(listing.folders))

    def name(self, file: str) -> str:
        """The name of an image below the folder, of which that or a path may be given."""
        path = PurePosixPath(file).as_posix()
        if path in self.labels:
            return path
        absolute, root = Path(file).parent.resolve() / Path(file).name, self.root.resolve()  # a link stays one
        if absolute.is_relative_to(root) and (below := absolute.relative_to(root).as_posix()) in self.labels:
            return below
        raise LayerloomError(f"{readable(file)} is no image of {self.root}: nothing is moved.")

    def folder_of(self, name: str) -> str:
        """The folder of a class; raises `LayerloomError` for the name of none."""
        if name in self.folders:
            return self.folders[name]
        if name not in self.classes:
            near = difflib.get_close_matches(name, self.classes, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Classes are {', '.join(self.classes)}."
            raise LayerloomError(f"No class is called '{name}'. {hint}")
        return name


def _ending(folder: Path, files: str, *, done: bool, undone: bool) -> str:
    """What became of the files, in a sentence."""
    if not done:
        return f"{files} would be moved in {folder}; nothing is moved."
    if undone:
        return f"{files} moved back in {folder}."
    return f"{files} moved in {folder}. Runs trained before know them by their old places: train again."
