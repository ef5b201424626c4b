"""One image of one pass, asked for in many ways, is the same bit for bit; and what it never depends on."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from image_files import make_folder

from cli.app import run_command
from engine.data import memory_images
from engine.data.augmentation import AUGMENTATION, shapes_before
from engine.data.augmentation.presets import steps_of
from engine.data.augmentation.preview import stages
from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.normalise import Normalisation, ZeroToOne
from engine.data.prepared import Prepared
from engine.data.settings import DataSettings
from engine.data.turns import Turns
from engine.layers import Shape

CPU, SHAPE, DRAWN_IN = torch.device("cpu"), Shape(3, 12, 12), Pass(23, 5)
STEPS = (*steps_of("photos"), AUGMENTATION["erase"](), AUGMENTATION["mixup"]())
ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pets", {"cats": 30, "dogs": 30}, edge=20)


def made(folder, steps=STEPS, **more):
    source = {"name": "folder", "path": str(folder)}
    return DataSettings(source=source, steps=steps, normalise=ZeroToOne(), **more)


def by_position(train, batch_size, passed=0):
    """What each image that comes becomes, by its position."""
    order = torch.randperm(len(train), generator=torch.Generator().manual_seed(DRAWN_IN.order_seed)).tolist()
    batches = train.training_batches(batch_size, device=CPU, drawn_in=DRAWN_IN, passed=passed)
    pixels = torch.cat([batch.pixels for batch in batches])
    return dict(zip(order[len(order) - len(pixels) :], pixels, strict=True))


@pytest.mark.slow  # starts worker processes
def test_one_image_is_the_same_in_twenty_ways(folder, monkeypatch):
    data = load(made(folder), SHAPE)
    train, normalise = data.train, data.normalisation
    late = torch.randperm(len(train), generator=torch.Generator().manual_seed(DRAWN_IN.order_seed)).tolist()[-1]
    expected = by_position(train, 16)[late]
    ways = [by_position(train, batch_size)[late] for batch_size in (1, 2, 3, 5, 8, len(train), 1000)]
    ways += [by_position(train, 6, passed)[late] for passed in (1, 6, 17, len(train) - 2)]
    for positions in ([late], [0, late], [late, 3, 4], [*range(len(train))][::-1]):
        shown = torch.from_numpy(stages(train, np.array(positions), DRAWN_IN)[-1].pixels)
        ways.append(normalise(shown)[positions.index(late)])
    off = AUGMENTATION["hue"](on=False)
    ways.append(by_position(load(made(folder, (off, *STEPS, off)), SHAPE).train, 16)[late])
    ways.append(by_position(load(made(folder), SHAPE).train, 16)[late])
    ways.append(by_position(Prepared(made(folder, STEPS[:1]), SHAPE).under(made(folder)).train, 16)[late])
    turned = replace(train, turns=Turns.of(train.indices))
    ways.append(by_position(turned, 16)[late])
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    ways.append(by_position(load(made(folder), SHAPE).train, 16)[late])
    assert len(ways) == 20
    assert all(torch.equal(way, expected) for way in ways)
    plain = load(made(folder, ()), SHAPE).train
    assert not torch.allclose(by_position(plain, 16)[late], expected, atol=0.05)


def pictures(place):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in place.iterdir()}


@pytest.mark.slow  # starts another process
def test_another_process_with_other_threads_and_hashes_draws_the_same(tmp_path, capsys):
    words = ["augment", "--data", "digits", "--augment", "photos", "--augment", "cutmix", "--input", "3,16,16"]
    assert run_command([*words, "--json", "-o", str(tmp_path / "here")]) == 0
    here = json.loads(capsys.readouterr().out)
    environment = {**os.environ, "PYTHONHASHSEED": "77", "OMP_NUM_THREADS": "2"}
    asked = [sys.executable, str(ROOT / "main.py"), *words, "--json", "-o", str(tmp_path / "there")]
    there = subprocess.run(asked, env=environment, capture_output=True, check=True)
    assert json.loads(there.stdout) == here
    assert pictures(tmp_path / "there") == pictures(tmp_path / "here")


def test_images_stay_as_large_as_they_are_kept_until_the_crop_is_done(folder):
    steps = tuple(map(AUGMENTATION.make, ("rotate", "brightness", {"name": "crop", "kept_at": 256}, "mirror", "erase")))
    sizes = [shape[1:] for shape in shapes_before(steps, Shape(3, 227, 227))]
    assert sizes == [(256, 256)] * 3 + [(227, 227)] * 3
    small = (AUGMENTATION["brightness"](), AUGMENTATION["crop"](kept_at=16))
    found = stages(load(made(folder, small), SHAPE).train, np.arange(4), DRAWN_IN)
    assert [stage.pixels.shape[2:] for stage in found] == [(16, 16), (16, 16), (12, 12)]
    windows = np.lib.stride_tricks.sliding_window_view(found[1].pixels, (12, 12), axis=(2, 3))
    for image, places in zip(found[2].pixels, windows, strict=True):
        assert (places == image[:, None, None]).all(axis=(0, 3, 4)).sum() == 1


def test_the_axes_of_colours_are_those_of_the_training_part_alone(folder):
    settings = made(folder, (AUGMENTATION["pca_colour"](),))
    before = load(settings, SHAPE)
    colours = before.train.images(range(len(before.train))).transpose(1, 0, 2, 3).reshape(3, -1) / 255
    assert np.array(before.colours) == pytest.approx(np.cov(colours, bias=True), abs=1e-9)
    others = make_folder(folder.parent / "others", {"a": 1}, edge=20, seed=8)
    for name in (*before.parts.validation, *before.parts.test):
        (folder / name).write_bytes((others / "a" / "000.png").read_bytes())
    after = load(settings, SHAPE)
    assert after.parts == before.parts
    assert after.colours == before.colours
    (folder / before.parts.train[0]).write_bytes((others / "a" / "000.png").read_bytes())
    assert load(settings, SHAPE).colours != before.colours


@pytest.mark.parametrize("fill", [0, 90, 255])
def test_padding_is_a_pixel_value_which_is_normalised_then(folder, fill):
    steps = (AUGMENTATION["pad"](margin=2, fill=fill),)
    data = load(DataSettings(source=made(folder).source, steps=steps, normalise="imagenet"), SHAPE)
    batch = next(data.train.training_batches(8, device=CPU, drawn_in=DRAWN_IN)).pixels
    expected = [
        (fill / 255 - mean) / std for mean, std in zip((0.485, 0.456, 0.406), (0.229, 0.224, 0.225), strict=True)
    ]
    around = torch.cat([batch[:, :, :2].flatten(2), batch[:, :, -2:].flatten(2), batch[..., :2].flatten(2)], dim=2)
    assert around.amin(dim=(0, 2)).tolist() == pytest.approx(expected, abs=1e-5)
    assert around.amax(dim=(0, 2)).tolist() == pytest.approx(expected, abs=1e-5)
    assert data.normalisation == Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
