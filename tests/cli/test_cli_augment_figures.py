"""Every figure that `augment` tells, worked out anew: what was drawn, what it says of it, and the hues of classes."""

import colorsys
import json
import math
import re
import zlib

import numpy as np
import pytest
from PIL import Image
from scipy.stats import beta

from cli.app import run_command
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.layers import Shape

WORD = 2**64


def splitmix(state, count):
    """Output number ``count`` of SplitMix64, by whole numbers of Python."""
    mixed = (state + (count + 1) * 0x9E3779B97F4A7C15) % WORD
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % WORD
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % WORD
    return mixed ^ mixed >> 31


def uniforms(seed, epoch, index, purpose, count):
    """The first numbers from 0 to 1 that an image draws for a purpose in a pass."""
    key = 0
    for word in (seed, epoch, index, 0):
        key = splitmix(key, word)
    key = splitmix(key, zlib.crc32(purpose.encode()))
    return [(splitmix(key, number) >> 11) / 2**53 for number in range(1, count + 1)]


def augment(capsys, place, *arguments, data="digits"):
    assert run_command(["augment", "--data", str(data), "-o", str(place), "--json", *arguments]) == 0
    told = capsys.readouterr()
    return json.loads(told.out), told.err


@pytest.mark.parametrize(("seed", "epoch"), [(0, 1), (31, 7), (2**32 - 1, 1000)])
def test_what_was_drawn_follows_from_seed_epoch_and_index_alone(tmp_path, capsys, seed, epoch):
    steps = ("rotate:probability=0.5,angle=-40..10", "shift", "rotate:angle=5..6", "mixup:alpha=0.3")
    asked = [word for step in steps for word in ("--augment", step)]
    rows, _ = augment(capsys, tmp_path, *asked, "--images", "9", "--seed", str(seed), "--epoch", str(epoch))
    train = load(DataSettings(), Shape(1, 8, 8)).train
    for position, row in enumerate(rows):
        drawn = [uniforms(seed, epoch, int(train.indices[position]), name, 3) for name in
                 ("rotate 0", "shift 0", "rotate 1", "mixup 0", "mixup 0 with")]  # fmt: skip
        (_, first, shift, second, mixed) = row["stages"]
        assert row["image"] == position
        assert first["skipped"] == (drawn[0][0] >= 0.5)
        assert first["values"]["angle"] == pytest.approx(-40 + 50 * drawn[0][1])
        assert shift["values"]["horizontal"] == pytest.approx(-0.1 + 0.2 * drawn[1][1])
        assert shift["values"]["vertical"] == pytest.approx(-0.1 + 0.2 * drawn[1][2])
        assert second["values"]["angle"] == pytest.approx(5 + drawn[2][1])
        assert mixed["values"]["share"] == pytest.approx(beta.ppf(drawn[3][1], 0.3, 0.3))
        assert mixed["values"]["partner"] == int(drawn[4][0] * len(train))


@pytest.mark.parametrize("seed", range(6))
def test_how_much_is_kept_of_the_images_shown_is_told_as_drawn(tmp_path, capsys, seed):
    rows, told = augment(capsys, tmp_path, "--augment", "resize_crop", "--images", "6", "--seed", str(seed))
    kept = [row["stages"][1]["values"]["height"] * row["stages"][1]["values"]["width"] for row in rows]
    few, least = sum(one < 0.2 for one in kept), f"{100 * min(kept):.0f} %"
    expected = "From 8 % of the picture what is shown may be lost"
    if few == 1:
        expected += f"; 1 of the 6 shown keeps {least}"
    elif few:
        expected += f"; {few} of the 6 shown keep less than 20 %, the least {least}"
    assert told.strip().splitlines()[-1] == f"{expected}."


def test_the_hues_of_classes_are_those_of_their_training_images(tmp_path, capsys):
    random, place = np.random.default_rng(4), tmp_path / "leaves"
    for name, hue in (("healthy", 95), ("rust", 20), ("scab", 61)):
        (place / name).mkdir(parents=True)
        for number in range(9):
            turned = [
                colorsys.hsv_to_rgb(
                    (hue + random.uniform(-25, 25)) / 360, random.uniform(0.2, 1), random.uniform(0.3, 1)
                )
                for _ in range(64)
            ]
            pixels = (np.array(turned).reshape(8, 8, 3) * 255).astype(np.uint8)
            Image.fromarray(pixels).save(place / name / f"{number}.png")
    steps = ("--augment", "hue:angle=-90..90", "--input", "3,8,8")
    _, told = augment(capsys, tmp_path / "out", *steps, data=place)
    source = {"name": "folder", "path": str(place)}
    directions = {}
    for file in load(DataSettings(source=source), Shape(3, 8, 8)).parts.train:
        with Image.open(place / file) as image:
            for pixel in np.asarray(image).reshape(-1, 3) / 255:
                hue, saturation, _ = colorsys.rgb_to_hsv(*pixel)
                owner = file.split("/")[0]
                directions[owner] = directions.get(owner, 0) + saturation * np.exp(2j * np.pi * hue)
    hues = {owner: np.degrees(np.angle(direction)) % 360 for owner, direction in directions.items()}
    assert hues["healthy"] - hues["scab"] < hues["scab"] - hues["rust"]
    apart = hues["healthy"] - hues["scab"]
    said = re.search(r"wider than the (\d+)° between (\w+) and (\w+):", told)
    assert said.groups() == (f"{apart:.0f}", "healthy", "scab")


@pytest.mark.parametrize("seed", [1, 2])
def test_classes_copies_and_files_are_counted_as_they_lie_on_the_disk(tmp_path, capsys, seed):
    random, place = np.random.default_rng(seed), tmp_path / "pets"
    for name, count in (("cats", random.integers(150, 190)), ("dogs", random.integers(9, 14)), ("owls", 40)):
        (place / name).mkdir(parents=True)
        for number in range(count):
            Image.fromarray(random.integers(0, 256, (6, 6, 3), np.uint8)).save(place / name / f"{number}.png")
    for number in range(12):
        (place / "cats" / f"again{number}.png").write_bytes((place / "cats" / f"{number}.png").read_bytes())
    for number in range(3):
        (place / "owls" / f"cut{number}.png").write_bytes((place / "owls" / f"{number}.png").read_bytes()[:40])
    assert run_command(["data", str(place), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    files = {name: sum(1 for _ in (place / name).iterdir()) - 3 * (name == "owls") for name in ("cats", "dogs", "owls")}
    assert (found["classes"], found["images"], found["unreadable"]) == (files, sum(files.values()), 3)
    assert found["memory"]["bytes"] == sum(files.values()) * math.prod(found["memory"]["shape"])
    _, told = augment(capsys, tmp_path / "out", "--augment", "rotate", "--input", "3,6,6", data=place)
    parts = load(DataSettings(source={"name": "folder", "path": str(place)}), Shape(3, 6, 6)).parts.to_json()
    train = [file.split("/")[0] for file in parts["train"]]
    most, least = train.count("cats"), train.count("dogs")
    times = f"{most / least:.1f}".removesuffix(".0") if most < 9.95 * least else f"{most / least:.0f}"
    assert f"cats has {times} times the training images of dogs: {most} against {least}.\n" in told
    content = {part: [(place / file).read_bytes() for file in names] for part, names in parts.items()}
    copied = {part: sum(one in content["train"] for one in content[part]) for part in ("validation", "test")}
    said = [f"{count} {part} image{'s' * (count > 1)}" for part, count in copied.items() if count]
    are = "is" if sum(copied.values()) == 1 else "are"
    assert sum(copied.values()) > 0
    assert f"{' and '.join(said)} {are} also in training.\n" in told
