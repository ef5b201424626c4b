"""The data sets known by name; needs no torch."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.layers.shape import Shape


@dataclass(frozen=True, slots=True)
class DataSet:
    """A published set of labelled images.

    ``counts`` are images a class, training and test images together; ``test_images`` of them come as a test set of
    their own. ``download_bytes`` is 0 for what is there without a download.
    """

    name: str
    title: str
    about: str
    classes: tuple[str, ...]
    shape: Shape
    counts: tuple[int, ...]
    test_images: int = 0
    download_bytes: int = 0

    @property
    def images(self) -> int:
        """Number of images in all."""
        return sum(self.counts)


_DIGITS = tuple("0123456789")
_CLOTHES = "T-shirt/top|Trouser|Pullover|Dress|Coat|Sandal|Shirt|Sneaker|Bag|Ankle boot"
_THINGS = "airplane|automobile|bird|cat|deer|dog|frog|horse|ship|truck"

CATALOGUE = {
    data_set.name: data_set
    for data_set in (
        DataSet(
            "digits",
            "Digits",
            "Real handwritten digits, 8×8 grey; come with Layerloom, no download.",
            _DIGITS,
            Shape(1, 8, 8),
            (178, 182, 177, 183, 181, 182, 181, 179, 174, 180),
        ),
        DataSet(
            "mnist",
            "MNIST",
            "Handwritten digits, 28×28 grey (LeCun et al. 1998).",
            _DIGITS,
            Shape(1, 28, 28),
            (6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958),
            test_images=10_000,
            download_bytes=11_594_722,
        ),
        DataSet(
            "fashion_mnist",
            "Fashion-MNIST",
            "Articles of clothing, 28×28 grey (Xiao et al. 2017).",
            tuple(_CLOTHES.split("|")),
            Shape(1, 28, 28),
            (7000,) * 10,
            test_images=10_000,
            download_bytes=30_878_645,
        ),
        DataSet(
            "cifar10",
            "CIFAR-10",
            "Animals and vehicles, 32×32 colour (Krizhevsky 2009).",
            tuple(_THINGS.split("|")),
            Shape(3, 32, 32),
            (6000,) * 10,
            test_images=10_000,
            download_bytes=170_498_071,
        ),
    )
}

FOLDER = "folder"
"""The name in `DataSettings` that stands for a folder of images."""


def data_set(name: str) -> DataSet:
    """The data set of that name; raises `LayerloomError` with the names there are."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    near = difflib.get_close_matches(name, CATALOGUE, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(CATALOGUE)}."
    raise LayerloomError(f"No data set is called '{name}'. {hint}")


def choose(text: str, settings: DataSettings | None = None) -> DataSettings:
    """``settings`` with the data that ``text`` names: a data set, or the path of a folder.

    Raises `LayerloomError` if it is neither.
    """
    settings = settings or DataSettings()
    if text in CATALOGUE:
        return settings.model_copy(update={"name": text, "folder": ""})
    if text == FOLDER:
        raise LayerloomError("Which folder? Give its path in place of the word 'folder'.")
    path = Path(text).expanduser()
    if path.exists() or len(path.parts) > 1:
        return settings.model_copy(update={"name": FOLDER, "folder": str(path.absolute())})
    near = difflib.get_close_matches(text, CATALOGUE, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"Data sets are {', '.join(CATALOGUE)}."
    raise LayerloomError(f"'{text}' is neither a data set nor a folder. {hint}")
