"""What `augment` writes and says."""

import json
import re

import numpy as np
import pytest
import torch
from PIL import Image

from cli.app import run_command
from cli.arguments import augmentation
from engine.data.augmentation import AUGMENTATION
from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.layers import Shape
from engine.machine.memory import free_bytes

LARGEST = 2**32 - 1


@pytest.fixture
def augment(tmp_path, capsys):
    """Runs the command over Digits, into a folder."""

    def augment(*arguments):
        code = run_command(["augment", "--data", "digits", "-o", str(tmp_path / "out"), *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err.strip().splitlines()[-1]

    return augment


@pytest.mark.parametrize(("count", "told"), [("1", "1 image becomes"), ("3", "3 images become")])
def test_it_says_how_many_images_it_wrote(augment, tmp_path, count, told):
    assert augment("--images", count) == (0, "", f"What {told} is in {tmp_path / 'out'}.")
    assert len([*(tmp_path / "out").iterdir()]) == int(count)


@pytest.mark.parametrize("name", sorted(name for name, step in AUGMENTATION.items() if not step.needs_colour))
def test_every_step_is_shown_as_a_training_with_any_seed_makes_it(augment, tmp_path, name):
    step = {"pad": "pad:margin=2"}.get(name, name)
    code, out, _ = augment("--augment", step, "--images", "40", "--seed", str(LARGEST), "--epoch", "3", "--json")
    assert code == 0
    rows = [image["stages"] for image in json.loads(out)]
    assert [stage["step"] for stage in rows[0]] == ["original", name]
    shown = np.stack([np.asarray(Image.open(tmp_path / "out" / row[-1]["file"])) for row in rows])
    train = load(DataSettings(steps=augmentation([step])), Shape(1, 8, 8)).train
    drawn_in = Pass(LARGEST, 3)
    made = [batch.pixels for batch in train.training_batches(64, device=torch.device("cpu"), drawn_in=drawn_in)]
    order = torch.randperm(len(train), generator=torch.Generator().manual_seed(drawn_in.order_seed))
    first = torch.cat(made)[order.argsort()[:40], 0]
    normalisation = train.pipeline.normalisation
    levels = (first * normalisation.std[0] + normalisation.mean[0]) * 255
    assert np.abs(levels.numpy() - shown).max() < 0.51


@pytest.mark.parametrize("place", ["", " "])
def test_pictures_without_a_place_are_refused_and_nothing_is_written(tmp_path, monkeypatch, capsys, place):
    monkeypatch.chdir(tmp_path)
    assert run_command(["augment", "--data", "digits", "-o", place]) == 2
    assert capsys.readouterr().err.strip() == "-o is empty, but the path of what to write is needed."
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(free_bytes() is None, reason="only Linux says how much memory there is")
def test_an_image_larger_than_memory_is_refused_with_both_numbers(augment):
    code, out, told = augment("--input", "3,1000000,1000000")
    assert (code, out) == (2, "")
    assert re.fullmatch(r"1 image of 3×1000000×1000000 takes 15\.0 TB of memory, but [\d.]+ .B are free\.", told)


@pytest.mark.parametrize("seed", ["-1", str(LARGEST + 1), "1.5", ""])
def test_a_seed_that_no_training_takes_is_refused(augment, seed):
    told = f"--seed is '{seed}', but a whole number from 0 to 4\u202f294\u202f967\u202f295 is needed."
    assert augment("--seed", seed) == (2, "", told)


def test_pictures_of_an_earlier_call_go_and_others_stay(augment, tmp_path):
    augment("--augment", "rotate", "--augment", "mirror", "--images", "2")
    others = {"mine.png", "0_1_holiday.png", "notes.txt"}
    for name in others:
        (tmp_path / "out" / name).touch()
    augment("--augment", "mirror", "--images", "1")
    assert {file.name for file in (tmp_path / "out").iterdir()} == others | {"0_0_original.png", "0_1_mirror.png"}
