"""Commands that look inside a network."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import choice, class_number, count, new_place, pairs
from cli.options import Json, Out, Set
from cli.terminal import answer_json, say
from engine.errors import LayerloomError
from engine.words import counted

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.inspection import View
    from engine.inspection.lens import Lens
    from engine.inspection.results import Result
    from engine.inspection.sight import Asked

RunOrTarget = Annotated[str, typer.Argument(metavar="RUN|TARGET")]


Picture = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="PNG|SVG|PDF", help="The picture.", parser=partial(new_place, "-o")),
]
Array = Annotated[
    Path | None,
    typer.Option(metavar="FILE.npy", help="The numbers to write, unscaled.", parser=partial(new_place, "--array")),
]
Intervene = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NODE:KIND=UNITS[,KEY=VALUE]",
        help="Switch off or replace units of a layer: conv2:off=3,7; see choices interventions.",
    ),
]
Damages = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME[:KEY=VALUE,...]", help="Spoil the image; see choices damages."),
]
Part = Annotated[str, typer.Option(metavar="train|validation|test", help="Measure on these images of the run.")]


def look(
    target: RunOrTarget,
    view: Annotated[str, typer.Option(metavar="VIEW[:KEY=VALUE,...]", help="What to show; see choices views.")] = "",
    node: Annotated[str, typer.Option(metavar="NAME", help="The layer to look into.")] = "",
    of_class: Annotated[str, typer.Option("--class", metavar="NAME|INDEX", help="The class that is asked about.")] = "",
    epoch: Annotated[str, typer.Option(metavar="N", help="Whose weights; the best epoch's if left out.")] = "",
    image: Annotated[Path | None, typer.Option(metavar="FILE")] = None,
    output: Picture = None,
    array: Array = None,
    intervene: Intervene = None,
    damage: Damages = None,
    split: Part = "",
    as_json: Json = False,
    options: Set = None,
) -> None:
    """Look inside a run, or a target with initial weights; write a picture, the numbers, or both.

    With --intervene or --damage all of it is of the altered network or image, and what it says is told before and
    after.
    """
    from cli.altering import alteration, at_exits, effect, layer_of
    from engine.inspection import VIEWS
    from engine.inspection.sight import Asked

    change = alteration(intervene, damage)
    if not view and not (change or split):
        raise LayerloomError("There is nothing to look at: give --view, --intervene, --damage or --split.")
    chosen = choice("--view", view, VIEWS) if view else None
    if chosen:
        given = {"--node": node, "--image": image, "--class": of_class}
        _require_what_it_needs(chosen, given, output=output, array=array, as_json=as_json)
    elif output or array:
        raise LayerloomError("-o and --array write what a view shows: give --view.")
    lens, weights = _lens(target, options, epoch, precise=chosen is not None and chosen.precise)
    lens = lens.altered(at_exits(change, lens.network))
    pixels = lens.read(image) if image and (change or chosen is None or chosen.needs_image) else None
    found = effect(lens, pixels if change else None, split)
    told = found.to_json() if change or split else {}
    if chosen:
        asked = Asked(_of_class(chosen, of_class, lens), layer_of(lens.network, node) if chosen.needs_node else "")
        result = _shown(lens, asked, pixels)
        told |= {"view": chosen.name, "node": node, **result.to_json()}
        _write_and_tell(lens, asked, result, pixels, of=weights, output=output, array=array)
    if as_json:
        answer_json(told)
    else:
        found.answer()


def _of_class(view: View, of_class: str, lens: Lens) -> View:
    """A view of the class that is asked about, if it is of one."""
    from engine.inspection import VIEWS

    if not of_class or not view.class_setting:
        return view
    with VIEWS.blaming(view):
        getattr(view, view.class_setting)  # one that is not there is the view's fault
    number = class_number(of_class, lens.classes, lens.outputs)
    return VIEWS.make({**VIEWS.saved(view), view.class_setting: number})


def _shown(lens: Lens, asked: Asked, pixels: Pixels | None) -> Result:
    """What a view shows; how far it is where it looks at many images."""
    from cli.progress_bar import ProgressBar
    from engine.inspection.results import NotShownError

    with ProgressBar() as progress:
        lens.listener = progress.listener()
        try:
            return lens.show(asked, pixels)
        except NotShownError as refusal:
            raise LayerloomError(_with_way_out(str(refusal), refusal.instead)) from refusal


def _write_and_tell(
    lens: Lens,
    asked: Asked,
    result: Result,
    pixels: Pixels | None,
    *,
    of: tuple[str, ...],
    output: Path | None,
    array: Path | None,
) -> None:
    """Write what a view shows where it is wanted, and say what there is to say of it."""
    from engine.inspection.explaining.evidence import Evidence
    from engine.inspection.figures import caption

    lines = caption(lens, asked.view, asked.node, result, of=of)
    shown = None if pixels is None else lens.damaged(pixels)
    files = _write(result, output=output, array=array, pixels=shown, lines=lines)
    said = [_with_way_out(*note) for note in result.notes] if isinstance(result, Evidence) else result.lines
    for line in said:
        say(line)
    if files:
        say(f"{lines[0]}: written to {' and '.join(files)}.")


def _with_way_out(sentence: str, instead: str) -> str:
    """A sentence that says why there is nothing to see, with the layer that there is something to see of."""
    return f"{sentence} Take --node {instead}." if instead else sentence


def features(
    target: RunOrTarget,
    node: Annotated[str, typer.Option(metavar="NAME", help="The layer whose feature maps to draw.")],
    image: Annotated[Path, typer.Option(metavar="FILE")],
    output: Out,
    options: Set = None,
) -> None:
    """Draw the feature maps of a layer for an image; of a target that is no run, with initial weights."""
    from engine.inspection import FeatureMaps
    from engine.inspection.figures import caption
    from engine.inspection.sight import Asked

    lens, weights = _lens(target, options)
    result = lens.show(Asked(FeatureMaps(), node), lens.read(image))
    _write(result, output=output, lines=caption(lens, FeatureMaps(), node, result, of=weights))
    maps = len(result.array)
    say(f"{counted(maps, 'map')} of {node} {'is' if maps == 1 else 'are'} in {output}.")


def _require_what_it_needs(
    view: View, given: Mapping[str, object], *, output: Path | None, array: Path | None, as_json: bool
) -> None:
    """Refuse what cannot be shown or written, and tell which options the view does not use."""
    from engine.inspection.figures import require_picture

    needs = {"--node": view.needs_node, "--image": view.needs_image, "--class": bool(view.class_setting)}
    for option, value in given.items():
        if value and not needs[option]:
            say(f"--view {view.name} does not use {option}.")
        if not value and needs[option] and option != "--class":
            raise LayerloomError(f"--view {view.name} needs {option}.")
    if output is None and array is None and not as_json:
        raise LayerloomError("There is nothing to write: give -o for a picture, --array for the numbers, or both.")
    if output is not None:
        require_picture(output)
    if output is not None and array is not None and output.resolve() == array.resolve():
        raise LayerloomError(f"-o and --array are both {output}: give the picture and the numbers a file each.")


def _lens(
    target: str, options: list[str] | None, epoch: str = "", *, precise: bool = False
) -> tuple[Lens, tuple[str, ...]]:
    """The run or target, with the weights that are asked for; and what these are called."""
    import torch

    from engine.inspection.lens import Lens
    from engine.runs.run_folder import RunFolder
    from templates.targets import load_target

    dtype = torch.float64 if precise else torch.float32
    project = load_target(target, pairs(options))
    if not RunFolder.is_run(target):
        if epoch:
            say(f"{target} is no run and has initial weights: --epoch is not used.")
        return Lens.of_project(project, dtype=dtype), ()
    run = RunFolder(target)
    lens = Lens.of_run(run, dtype=dtype)
    lens.load(run.weights(count("--epoch", epoch) if epoch else "best"))
    return lens, (Path(target).resolve().name, f"epoch {epoch}" if epoch else "best epoch")


def _write(
    result: Result,
    *,
    output: Path | None = None,
    array: Path | None = None,
    pixels: Pixels | None = None,
    lines: Sequence[str] = (),
) -> list[str]:
    """Write the picture and the numbers of a result where they are wanted; the files."""
    import numpy as np

    from engine.files import save_whole
    from engine.inspection.figures import figure, shown

    with suppress(LayerloomError):  # a picture needs no numbers
        if not np.isfinite(result.array).all():
            say("Some of the values are NaN or infinite, which says nothing.")
    contents: dict[Path, bytes] = {}
    if output is not None:
        contents[output] = figure(shown(result, pixels), lines, output.suffix)
    if array is not None:
        buffer = io.BytesIO()
        np.save(buffer, result.array)
        contents[array] = buffer.getvalue()
    for path, content in contents.items():
        save_whole(path, content)
    return list(map(str, contents))
