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
from cli.options import Out, Set
from cli.terminal import say
from engine.errors import LayerloomError
from engine.words import counted

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.inspection import View
    from engine.inspection.lens import Lens
    from engine.inspection.results import Result
    from engine.network import Network

RunOrTarget = Annotated[str, typer.Argument(metavar="RUN|TARGET")]


def look(
    target: RunOrTarget,
    view: Annotated[str, typer.Option(metavar="VIEW[:KEY=VALUE,...]", help="What to show; see choices views.")],
    node: Annotated[str, typer.Option(metavar="NAME", help="The layer to look into.")] = "",
    of_class: Annotated[str, typer.Option("--class", metavar="NAME|INDEX", help="The class that is asked about.")] = "",
    epoch: Annotated[str, typer.Option(metavar="N", help="Whose weights; the best epoch's if left out.")] = "",
    image: Annotated[Path | None, typer.Option(metavar="FILE")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="PNG|SVG|PDF", help="The picture.", parser=partial(new_place, "-o")),
    ] = None,
    array: Annotated[
        Path | None,
        typer.Option(metavar="FILE.npy", help="The numbers to write, unscaled.", parser=partial(new_place, "--array")),
    ] = None,
    options: Set = None,
) -> None:
    """Look inside a run, or a target with initial weights; write a picture, the numbers, or both."""
    from cli.progress_bar import ProgressBar
    from engine.inspection import VIEWS
    from engine.inspection.explaining.evidence import Evidence
    from engine.inspection.figures import caption
    from engine.inspection.results import NotShownError
    from engine.inspection.sight import Asked

    chosen = choice("--view", view, VIEWS)
    given = {"--node": node, "--image": image, "--class": of_class}
    _require_what_it_needs(chosen, given, output=output, array=array)
    lens, weights = _lens(target, options, epoch, precise=chosen.precise)
    if of_class and chosen.class_setting:
        with VIEWS.blaming(chosen):
            getattr(chosen, chosen.class_setting)  # one that is not there is the view's fault
        number = class_number(of_class, lens.classes, lens.outputs)
        chosen = VIEWS.make({**VIEWS.saved(chosen), chosen.class_setting: number})
    pixels = lens.read(image) if image and chosen.needs_image else None
    node = _layer_of(lens.network, node) if chosen.needs_node else ""
    try:
        with ProgressBar() as bar:
            lens.listener = bar.listener()
            result = lens.show(Asked(chosen, node), pixels)
    except NotShownError as refusal:
        raise LayerloomError(_with_way_out(str(refusal), refusal.instead)) from refusal
    lines = caption(lens, chosen, node, result, of=weights)
    files = _write(result, output=output, array=array, pixels=pixels, lines=lines)
    told = [_with_way_out(*note) for note in result.notes] if isinstance(result, Evidence) else result.lines
    for line in told:
        say(line)
    say(f"{lines[0]}: written to {' and '.join(files)}.")


def _layer_of(network: Network, node: str) -> str:
    """The layer that is meant: of a block the one by which it gives what it makes, which is told."""
    from engine.network.exits import exit_of

    if not network.is_block(node):
        return node
    say(f"{node} gives what {exit_of(network, node)} gives.")
    return exit_of(network, node)


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


def _require_what_it_needs(view: View, given: Mapping[str, object], *, output: Path | None, array: Path | None) -> None:
    """Refuse what cannot be shown or written, and tell which options the view does not use."""
    from engine.inspection.figures import require_picture

    needs = {"--node": view.needs_node, "--image": view.needs_image, "--class": bool(view.class_setting)}
    for option, value in given.items():
        if value and not needs[option]:
            say(f"--view {view.name} does not use {option}.")
        if not value and needs[option] and option != "--class":
            raise LayerloomError(f"--view {view.name} needs {option}.")
    if output is None and array is None:
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
