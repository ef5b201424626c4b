"""Lists of augmentation steps that suit a kind of images, to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.choices import Choice, Registry
from engine.data.augmentation.bending import Warp
from engine.data.augmentation.colour import ColourJitter, PcaColour
from engine.data.augmentation.geometric import Affine, Mirror, Rotate
from engine.data.augmentation.step import Step
from engine.data.augmentation.windows import Crop, ResizeCrop
from engine.words import counted


class Preset(Choice):
    """A list of steps."""

    steps: ClassVar[tuple[Step, ...]]


PRESETS: Registry[Preset] = Registry("augmentation_presets", one="list of augmentation steps")


@PRESETS.register
class NoSteps(Preset):
    """Every epoch shows the same images."""

    name: ClassVar = "none"
    title: ClassVar = "None"
    steps: ClassVar = ()


@PRESETS.register
class Digits(Preset):
    """What handwriting differs in: slant, size, place and stroke, but never left and right."""

    name: ClassVar = "digits"
    title: ClassVar = "Digits"
    steps: ClassVar = (Affine(horizontal=(-0.1, 0.1), vertical=(-0.1, 0.1)), Warp(probability=0.5))


@PRESETS.register
class Photos(Preset):
    """What photographs of one thing differ in: part, side, angle and light."""

    name: ClassVar = "photos"
    title: ClassVar = "Photos"
    steps: ClassVar = (
        ResizeCrop(area=(0.3, 1.0)),
        Mirror(),
        Rotate(probability=0.8, angle=(-20, 20), border="reflect"),
        ColourJitter(),
    )


@PRESETS.register
class AlexNet2012(Preset):
    """Windows of images kept at 256 pixels, mirror images and PCA colour (Krizhevsky et al. 2012, section 4.1)."""

    name: ClassVar = "alexnet_2012"
    title: ClassVar = "AlexNet 2012"
    aliases: ClassVar = ("alexnet",)
    steps: ClassVar = (Crop(kept_at=256), Mirror(), PcaColour())


def steps_of(preset: str) -> tuple[Step, ...]:
    """The steps of the preset of that name; raises `LayerloomError`."""
    return PRESETS.find(preset).steps


def preset_of(steps: Sequence[Step]) -> str:
    """The title of the preset that steps are; "" for none."""
    return next((preset.title for preset in PRESETS.values() if preset.steps == tuple(steps)), "")


def spoken(steps: Sequence[Step]) -> str:
    """Steps in short: the preset that they are, or how many of them are on."""
    return preset_of(steps) or counted(sum(step.on for step in steps), "step")
