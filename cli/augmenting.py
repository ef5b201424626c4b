"""The command that shows what a network receives."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.arguments import augmentation, count, image_shape, new_place
from cli.options import Augment, Json
from cli.terminal import answer_json, say
from engine.errors import LayerloomError
from engine.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.data.augmentation.preview import Stage
    from engine.data.settings import DataSettings
    from engine.layers.shape import Shape

_PHOTO = "3,224,224"  # what networks for photographs take, where images have no size in common


def augment(
    data: Annotated[str, typer.Option(metavar="NAME|FOLDER", help="A data set, or a folder of images.")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="FOLDER", help="Where the pictures go.")],
    augment: Augment = None,
    images: Annotated[str, typer.Option(metavar="N", help="How many training images.")] = "6",
    seed: Annotated[str, typer.Option(metavar="N")] = "0",
    epoch: Annotated[str, typer.Option(metavar="E")] = "1",
    size: Annotated[str, typer.Option("--input", metavar="C,H,W", help="What the network takes.")] = "",
    as_json: Json = False,
) -> None:
    """Write what training images become, step by step, as a network receives them before they are normalised."""
    import numpy as np

    from engine.data.augmentation.preview import stages
    from engine.data.draws import Pass
    from engine.data.hues import seen_in
    from engine.data.loading import load
    from engine.data.settings import DataSettings, choose
    from engine.data.warnings import data_warnings
    from engine.recipe.recipe import LARGEST_SEED

    drawn_in = Pass(count("--seed", seed, least=0, most=LARGEST_SEED), count("--epoch", epoch))
    settings = choose(data, DataSettings(steps=augmentation(augment or ())))
    own = None if size else settings.source.describe().shape
    shape = own or image_shape("--input", size or _PHOTO)
    folder, most = new_place("-o", output), count("--images", images)
    _require_room(settings, shape)
    read = load(settings, shape)
    train = read.train
    positions = np.arange(min(most, len(train)))
    _require_room(settings, shape, len(positions))
    found = stages(train, positions, drawn_in)
    names = _write(found, folder)
    become = "becomes" if len(positions) == 1 else "become"
    say(f"What {counted(len(positions), 'image')} {become} is in {folder}.")
    drawn = {stage.place: stage.values for stage in found if stage.place is not None}
    for warning in data_warnings(settings, seen_in(read, steps=settings.steps), drawn=drawn):
        say(warning.message)
    if as_json:
        answer_json([_told(found, place, files) for place, files in enumerate(names)])


def _require_room(settings: DataSettings, shape: Shape, images: int = 1) -> None:
    """Refuse what surely does not fit into memory: the images as they are kept, and after each step."""
    from engine.data.augmentation import shapes_before
    from engine.machine.memory import free_bytes
    from engine.machine.room import no_room_for

    largest = max(shapes_before(settings.steps, shape), key=lambda one: one.elements)
    if why := no_room_for(images, largest, free=free_bytes()):
        raise LayerloomError(why)


def _write(stages: list[Stage], folder: Path) -> list[list[str]]:
    """Write the picture of each image at each stage; gives their names, image by image."""
    from engine.data.augmentation import AUGMENTATION
    from engine.files import reason_of, save_whole

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LayerloomError(f"The folder {folder} cannot be made: {reason_of(error)}.") from error
    images = len(stages[0].pixels)
    names = [[f"{image}_{place}_{_word(stage)}.png" for place, stage in enumerate(stages)] for image in range(images)]
    own, kept = re.compile(rf"\d+_\d+_({'|'.join(('original', *AUGMENTATION))})\.png"), {*chain(*names)}
    for there in folder.iterdir():
        if own.fullmatch(there.name) and there.name not in kept:
            there.unlink()  # a picture of an earlier call
    for image, files in enumerate(names):
        for stage, file in zip(stages, files, strict=True):
            save_whole(folder / file, _png(stage.pixels[image]))
    return names


def _word(stage: Stage) -> str:
    return stage.step.name if stage.step else "original"


def _png(pixels: NDArray[np.float32]) -> bytes:
    import io

    from PIL import Image

    levels = pixels.round().clip(0, 255).astype("uint8").transpose(1, 2, 0)
    stream = io.BytesIO()
    Image.fromarray(levels[..., 0] if levels.shape[2] == 1 else levels).save(stream, "PNG")
    return stream.getvalue()


def _told(stages: list[Stage], image: int, files: list[str]) -> dict[str, Any]:
    """What happened to an image, stage by stage."""
    rows = [
        {
            "step": _word(stage),
            "file": file,
            "skipped": not bool(stage.takes_part[image]),
            "values": {name: value[image].tolist() for name, value in stage.values.items()},
        }
        for stage, file in zip(stages, files, strict=True)
    ]
    return {"image": image, "stages": rows}
