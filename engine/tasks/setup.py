"""A network, its data and its recipe, as one asks whether they go together."""

from __future__ import annotations

from dataclasses import dataclass

from engine.data.source import Source
from engine.data.warnings import DataWarning
from engine.network import Analysis, Network
from engine.recipe.recipe import Device, Recipe


@dataclass(frozen=True, slots=True)
class Setup:
    """What is about to train.

    ``analysis`` is that of ``network``. None stands for what is not known yet: how many ``classes`` and training
    ``images`` the data have, whether others are held back and ``validates``, whether the images are in ``colour``, and
    how many bytes of memory are ``free``. ``devices``
    are those of the machine, best first; there are none while it is not known. ``unreadable`` says why the data cannot
    be read, if they cannot. ``warnings`` are those that its augmentation deserves; ``unfit`` says why
    the images cannot be brought to the network by the settings of the data, if they cannot.
    """

    network: Network
    analysis: Analysis
    source: Source
    recipe: Recipe
    classes: int | None = None
    images: int | None = None
    validates: bool | None = None
    devices: tuple[Device, ...] = ()
    free: int | None = None
    unreadable: str = ""
    colour: bool | None = None
    warnings: tuple[DataWarning, ...] = ()
    unfit: str = ""

    @property
    def device(self) -> Device | None:
        """What will train; None while that is not known."""
        wanted = self.recipe.device
        return next(iter(self.devices), None) if wanted is Device.AUTO else wanted
