"""Ten crops of larger images: exact rectangles, and the mean of probabilities, against torchvision and by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from image_files import make_folder
from PIL import Image
from small_training import settings, small_network

from cli.app import run_command
from engine.data.images import read_image
from engine.data.looks import LOOKS, AsItIs, Drawn, TenCrop, ten_boxes
from engine.data.normalise import Normalisation
from engine.data.pipeline import Pipeline
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.evaluation.ensemble import evaluate_together
from engine.evaluation.evaluating import answers_of
from engine.evaluation.predicting import predict
from engine.layers import Shape
from engine.project import Project
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.torchvision_compat import torchvision


@pytest.fixture(scope="module")
def pets(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("data") / "pets", {"cats": 30, "dogs": 30})


@pytest.fixture(scope="module")
def runs(tmp_path_factory, pets):
    """Two runs with other seeds that share all else, the folder of their images as grey ones."""
    place, found = tmp_path_factory.mktemp("runs"), []
    data = DataSettings(source={"name": "folder", "path": str(pets)}, steps=({"name": "rotate", "angle": (-9, 9)},))
    for seed in (1, 2):
        project = Project(small_network(classes=2), data, settings(epochs=1, seed=seed))
        list(run_project(project, place / f"run-{seed}"))
        found.append(RunFolder(place / f"run-{seed}"))
    return found


def test_the_ten_rectangles_are_exact():
    boxes = ten_boxes(Shape(3, 256, 256), Shape(3, 227, 227))
    places = [(0, 0), (0, 29), (29, 0), (29, 29), (14, 14)]
    assert [tuple(box) for box in boxes] == [(*at, 227, 227, side) for side in (False, True) for at in places]


@pytest.mark.parametrize("stored", [(3, 12, 12), (3, 13, 12), (1, 20, 31), (3, 11, 17)])
def test_ten_crops_are_those_of_torchvision(stored):
    pixels = torch.randint(0, 256, (2, *stored), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    shape = Shape(stored[0], 10, 9)
    pipeline = Pipeline(shape, Normalisation((0.0,) * stored[0], (1 / 255,) * stored[0]), looks=TenCrop())
    found = torch.stack(list(pipeline.at_test_time(pixels, np.arange(2), 0)))
    expected = torch.stack(torchvision().transforms.functional.five_crop(pixels, [10, 9])).float()
    assert torch.equal(found.round(), torch.cat([expected, expected.flip(-1)]))


@pytest.mark.parametrize(("stored", "fits"), [((10, 12), False), ((12, 9), False), ((11, 10), True), ((9, 99), False)])
def test_images_must_be_larger_both_ways(stored, fits):
    usual, shape = Shape(1, *stored), Shape(1, 10, 9)
    if fits:
        assert TenCrop().stored_at(usual, shape) == usual
    else:
        with pytest.raises(LayerloomError, match=f"Ten crops of 10×9 .* {stored[0]}×{stored[1]}"):
            TenCrop().stored_at(usual, shape)


def test_one_draw_needs_no_augmentation_and_several_do():
    plain = Pipeline(Shape(1, 8, 8), Normalisation((0.0,), (1.0,)))
    for count in (0, 1):
        Drawn(count=count).require(plain)
    with pytest.raises(LayerloomError, match="no augmentation of which several draws"):
        Drawn(count=2).require(plain)


def crops_by_hand(run, files, size):
    """The mean of the probabilities of ten crops of each file, one at a time, and of its scores."""
    model, (channels, height, width) = run.load_model("best", logits=True), run.input_shape
    probabilities, scores = [], []
    for file in files:
        pixels = torch.from_numpy(read_image(file, Shape(channels, size, size)))
        corners = [(0, 0), (0, size - width), (size - height, 0), (size - height, size - width)]
        corners.append((round((size - height) / 2), round((size - width) / 2)))
        crops = torch.stack([pixels[:, top : top + height, left : left + width] for top, left in corners])
        with torch.no_grad():
            given = model(run.normalisation(torch.cat([crops, crops.flip(-1)]))).double()
        probabilities.append(given.softmax(dim=1).mean(dim=0))
        scores.append(given.mean(dim=0).softmax(dim=0))
    return torch.stack(probabilities).numpy(), torch.stack(scores).numpy()


def test_what_ten_crops_say_is_the_mean_of_probabilities_of_an_image_larger_than_the_input(runs, pets):
    looks = TenCrop(size=11)
    together = evaluate_together(runs, looks=looks)
    names = together.data.test.indices[together.answers.positions]
    files = [pets / together.data.names[place] for place in names]
    each = [crops_by_hand(run, files, 11) for run in runs]
    mean = np.mean([probabilities for probabilities, _ in each], axis=0)
    assert together.answers.predictions == pytest.approx(mean, abs=1e-6)
    assert together.answers.predictions != pytest.approx(np.mean([one[1] for one in each], axis=0), abs=1e-6)
    assert together.evaluation.predictions.confidence == pytest.approx(mean.max(axis=1), abs=1e-6)
    assert together.answers.looks == looks
    said = predict(runs[0], files, others=runs[1:], looks=looks)
    assert [one.readings[0].value for one in said] == pytest.approx(mean.max(axis=1), abs=1e-6)


def test_draws_are_the_mean_of_probabilities_in_an_ensemble_too(runs):
    looks = Drawn(count=3)
    together = evaluate_together(runs, looks=looks)
    each = [answers_of(run, "test", data=load_run_data(run), looks=looks).predictions for run in runs]
    assert together.answers.predictions == pytest.approx(np.mean(each, axis=0), abs=1e-12)
    again = evaluate_together(runs, looks=looks)
    assert np.array_equal(again.answers.predictions, together.answers.predictions)


@pytest.mark.parametrize("size", [0, 5, 227])
def test_crops_that_would_all_be_the_same_are_refused_with_both_sizes(size):
    large = Shape(3, 227, 227)
    with pytest.raises(LayerloomError, match=rf"of 227×227 .* are {size or 227}×{size or 227}: .* such as 259\."):
        TenCrop(size=size).stored_at(large, large)
    assert TenCrop(size=256).stored_at(large, large) == Shape(3, 256, 256)
    assert TenCrop(size=64).stored_at(Shape(1, 32, 48), Shape(1, 32, 48)) == Shape(1, 64, 96)
    assert TenCrop().stored_at(Shape(1, 40, 41), Shape(1, 32, 32)) == Shape(1, 40, 41)


def test_every_look_gives_images_of_the_input_and_says_what_it_is(runs):
    data = load_run_data(runs[0])
    pixels = torch.randint(0, 256, (3, 1, 12, 12), dtype=torch.uint8)
    for name in LOOKS:
        looks = LOOKS.make(name)
        looks.require(data.test.pipeline)
        found = list(replace(data.test.pipeline, looks=looks).at_test_time(pixels, np.arange(3), 0))
        assert [tuple(view.shape) for view in found] == [(3, 1, 8, 8)] * looks.views
        assert (looks.views == 1) == (looks.to_figures() == {}) == isinstance(looks, AsItIs)
        assert looks.summary()


def test_the_command_line_looks_by_ten_crops(runs, pets, tmp_path, capsys):
    run, image = str(runs[0].path), str(pets / "cats" / "000.png")
    assert run_command(["evaluate", run, "--ten-crop", "10", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ten_crop"] is True
    assert run_command(["evaluate", "--ten-crop", "10", run]) == 0
    assert "mean of ten crops from 10 px" in capsys.readouterr().out
    assert run_command(["predict", run, image, "--ten-crop=10", "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)
    assert said["predictions"][0]["probability"] == pytest.approx(
        crops_by_hand(runs[0], [image], 10)[0].max(), abs=1e-6
    )
    for arguments, why in {
        ("--ten-crop",): "Ten crops of 8×8 need a larger image, and the images are 8×8",
        ("--ten-crop", "8"): "Ten crops of 8×8 need a larger image, and the images are 8×8",
        ("--ten-crop=x",): "--ten-crop is 'x', but a whole number",
        ("--ten-crop", "9", "--draws", "2"): "two ways to look at an image",
    }.items():
        for command in (["evaluate", run], ["predict", run, image]):
            assert run_command([*command, *arguments]) == 2
            (line,) = capsys.readouterr().err.splitlines()
            assert why in line


def save(path, image, **options):
    image.save(path, **options)
    return path


def test_images_of_other_modes_and_sizes_are_answered_and_bad_ones_named(runs, tmp_path):
    grey = Image.fromarray(np.arange(144, dtype=np.uint8).reshape(9, 16))
    exif = Image.Exif()
    exif[0x0112] = 6
    good = {
        "cmyk.jpg": (grey.convert("CMYK"), {}),
        "palette.png": (grey.convert("P"), {}),
        "sixteen.png": (Image.fromarray(np.arange(144, dtype=np.uint16).reshape(9, 16) * 400), {}),
        "alpha.png": (grey.convert("LA"), {}),
        "turned.jpg": (grey, {"exif": exif}),
        "moving.gif": (grey, {"save_all": True, "append_images": [grey.rotate(90), grey]}),
        "one.png": (Image.new("L", (1, 1), 9), {}),
        "wide.png": (Image.new("RGB", (20_000, 10), (9, 99, 3)), {}),
    }
    files = [save(tmp_path / name, image, **options) for name, (image, options) in good.items()]
    (tmp_path / "cut.png").write_bytes(files[1].read_bytes()[:60])
    (tmp_path / "text.png").write_text("no image")
    bad = [tmp_path / "cut.png", tmp_path / "text.png", tmp_path / "none.png", tmp_path]
    for looks in (None, TenCrop(size=12), Drawn(count=2)):
        found = predict(runs[0], [*files, *bad], others=runs[1:], looks=looks)
        assert [one.error for one in found[: len(files)]] == [""] * len(files)
        assert all(sum(reading.value for reading in one.readings) == pytest.approx(1) for one in found[: len(files)])
        for path, one in zip(bad, found[len(files) :], strict=True):
            assert one.error.startswith(f"{path.name} could not be read: ")
            assert one.error.endswith(".")
    _, none, after = (_shares(one) for one in predict(runs[0], [files[0], bad[0], files[-1]]))
    assert none == {}
    assert after == pytest.approx(_shares(predict(runs[0], files[-1:])[0]), abs=1e-6)
    assert after != pytest.approx(_shares(predict(runs[0], files[:1])[0]), abs=1e-3)


def _shares(said):
    return {reading.name: reading.value for reading in said.readings}
