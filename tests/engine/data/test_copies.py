"""Copies of images, byte for byte: told where they would train and test."""

import shutil

import numpy as np
from image_files import make_folder

from engine.data.loading import load
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.layers.shape import Shape

CLASSES = {"cats": 6, "dogs": 6}


def loaded(folder, as_in=None, **split):
    settings = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(**split))
    return load(settings, Shape(1, 6, 6), as_in=as_in)


def described(folder):
    return Folder(path=str(folder)).describe()


def made(place, *parts, classes=CLASSES):
    """A folder with these parts, whose images all differ."""
    for seed, part in enumerate(parts):
        make_folder(place / part, classes, seed=seed)
    return place


def copied(folder, *pairs):
    for source, target in pairs:
        shutil.copy(folder / source, folder / target)
    return folder


def test_copies_in_different_parts_are_told_with_what_to_do(tmp_path):
    folder = copied(
        made(tmp_path, "train", "test"),
        ("train/cats/000.png", "test/cats/x.png"),
        ("train/dogs/000.png", "train/dogs/x.png"),
    )
    (told,) = loaded(folder, validation=0).copies
    assert told == (
        "1 image is in more than one part as copies, byte for byte: train/cats/000.png = test/cats/x.png. "
        "Keep one of each."
    )
    (possible,) = described(folder).copies
    assert possible == (
        "2 files are copies of others, byte for byte; in different parts, what trains would also test: "
        "train/cats/000.png = test/cats/x.png and train/dogs/000.png = train/dogs/x.png. Keep one of each."
    )


def test_copies_in_one_part_are_not_told_of_a_training(tmp_path):
    folder = copied(make_folder(tmp_path / "pets", CLASSES), ("cats/000.png", "cats/x.png"))
    assert loaded(folder, validation=0, test=0).notes == ()


def test_large_files_are_copies_only_if_all_of_them_is_the_same(tmp_path):
    noise = np.random.default_rng(0).bytes(20_000)
    folder = make_folder(tmp_path / "pets", CLASSES)
    for name, content in (("a", noise), ("b", noise), ("c", noise[:-1] + b"x"), ("d", noise[:-1])):
        image = (folder / "cats" / "000.png").read_bytes()
        (folder / "cats" / f"{name}.png").write_bytes(image + content)
    (told,) = described(folder).copies
    assert "1 file is a copy" in told
    assert "cats/a.png = cats/b.png." in told
