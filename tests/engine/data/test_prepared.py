"""What a preview needs of a data set: the images that it shows, as training has them, and no others."""

import numpy as np
import pytest
from image_files import make_folder

from engine.data import disk_images
from engine.data.augmentation.preview import stages
from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.prepared import Prepared
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.layers.shape import Shape

SHAPE, DRAWN_IN = Shape(3, 8, 8), Pass(3, 1)


@pytest.fixture
def settings(tmp_path):
    folder = make_folder(tmp_path, {"cats": 30, "dogs": 30, "owls": 30})
    (folder / "cats" / "000.png").write_bytes((folder / "dogs" / "000.png").read_bytes())
    split = SplitSettings(copies_together=True)
    return DataSettings(source=Folder(path=str(folder)), split=split, steps=("mirror", "rotate"), normalise="none")


@pytest.fixture
def decoded(monkeypatch):
    files, read = [], disk_images.read_image
    monkeypatch.setattr(
        disk_images, "read_image", lambda path, *others, **more: files.append(path) or read(path, *others, **more)
    )
    return files


def test_only_what_is_shown_is_decoded_and_once(settings, decoded):
    prepared = Prepared(settings, SHAPE, listing=settings.source.listed())
    assert decoded == []
    for steps in (("mirror",), ("mirror", "hue"), ()):
        train = prepared.under(settings.model_copy(update={"steps": DataSettings(steps=steps).steps})).train
        stages(train, np.arange(6), DRAWN_IN)
    assert len(decoded) == 6


def test_it_is_what_training_has(settings):
    trained = load(settings, SHAPE)
    shown = Prepared(settings, SHAPE, listing=settings.source.listed()).under(settings)
    assert shown.parts == trained.parts
    assert shown.copied == trained.copied
    everything = np.arange(len(trained.train))
    before, after = stages(trained.train, everything, DRAWN_IN)[-1], stages(shown.train, everything, DRAWN_IN)[-1]
    assert np.array_equal(before.pixels, after.pixels)


def test_figures_are_those_of_training_too(settings):
    settings = settings.model_copy(update={"normalise": DataSettings().normalise})
    shown = Prepared(settings, SHAPE, listing=settings.source.listed()).under(settings)
    assert shown.normalisation == load(settings, SHAPE).normalisation
