"""The command line shows what units look for, in runs and drawings."""

import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from engine.compiling.taps import feature_maps
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder


@pytest.fixture
def run(trained, tmp_path):
    return RunFolder(shutil.copytree(trained, tmp_path / "run"))


def test_top_patches_are_cut_from_the_strongest_images_and_kept_with_the_run(command, run, tmp_path):
    arguments = ("look", "run", "--view", "top_patches:unit=3", "--node", "conv2", "--array", "patches.npy")
    code, out, err = command(*arguments, "-o", "patches.png")
    assert (code, out) == (0, "")
    assert err.splitlines()[0].startswith("16 units, on 270 test images")
    assert err.splitlines()[-1] == "Top patches of conv2: written to patches.png and patches.npy."
    test = load_run_data(run).test
    images = test.images(np.arange(len(test)))
    pixels = (torch.from_numpy(images).float() / 255 - run.record.mean[0]) / run.record.std[0]
    values = feature_maps(run.load_model(), pixels, ("conv2",))["conv2"][:, 3].reshape(len(images), -1)
    order = np.argsort(-values.max(axis=1), kind="stable")[:9]
    patches = np.load(tmp_path / "patches.npy")
    assert patches.shape == (1, 9, 1, 14, 14)
    for patch, place in zip(patches[0], order, strict=True):
        row, column = divmod(int(values[place].argmax()), 10)
        np.testing.assert_array_equal(
            patch, images[place, :, 2 * row : 2 * row + 14, 2 * column : 2 * column + 14] / np.float32(255)
        )
    assert len(list((run.path / "inside").iterdir())) == 1
    assert command(*arguments, "-o", "again.png")[0] == 0
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "patches.png").read_bytes()


def test_a_damaged_file_is_told_and_searched_again(command, run):
    arguments = ("look", "run", "--view", "top_patches:unit=3", "--node", "conv2", "-o", "patches.png")
    command(*arguments)
    (file,) = (run.path / "inside").iterdir()
    file.write_bytes(b"nonsense")
    code, _, err = command(*arguments)
    assert code == 0
    assert "is damaged and was searched anew" in err
    assert "is damaged" not in command(*arguments)[2]


def test_weights_of_an_epoch_are_searched_for_themselves(command, run, tmp_path):
    for epoch in (1, 2):
        command("look", "run", "--view", "top_patches", "--node", "conv1", "--epoch", epoch, "--array", f"{epoch}.npy")
    one, two = (np.load(tmp_path / f"{epoch}.npy") for epoch in (1, 2))
    assert one.shape == two.shape == (6, 9, 1, 5, 5)
    assert not np.array_equal(one, two)
    assert len(list((run.path / "inside").iterdir())) == 2


def test_what_is_projected_back_says_by_which_rules(command, run, tmp_path):
    image = load_run_data(run).test.images([5])[0]
    Image.fromarray(image[0]).save(tmp_path / "image.png")
    code, _, err = command("look", "run", "--view", "deconvnet:unit=4", "--node", "conv2", "--image", "image.png",
                           "-o", "back.svg", "--array", "back.npy")  # fmt: skip
    assert code == 0
    assert err.splitlines()[0].startswith("Unit 4 gives ")
    assert err.splitlines()[1] == "Max pools are undone with the switches of this very image."
    assert "switches of this very image" in (tmp_path / "back.svg").read_text("utf-8")
    back = np.load(tmp_path / "back.npy")
    assert back.shape == (1, 32, 32)
    assert back.min() < 0 < back.max()
    command("look", "run", "--view", "top_patches:unit=4,projected=true", "--node", "conv2", "--array", "all.npy")
    assert np.load(tmp_path / "all.npy").shape == (1, 9, 1, 14, 14)


def test_a_picture_that_a_class_score_likes_is_called_that_class(command, run, tmp_path):
    code, _, err = command(
        "look", "run", "--view", "maximise:unit=7", "--node", "fc3", "-o", "seven.png", "--array", "seven.npy"
    )
    assert code == 0
    assert err.startswith("Unit 7 gives ")
    picture = np.load(tmp_path / "seven.npy")
    assert 0 <= picture.min() <= picture.max() <= 1
    image = (torch.from_numpy(picture[None]) - run.record.mean[0]) / run.record.std[0]
    assert int(run.load_model(logits=True)(image).argmax()) == 7


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("top_patches:unit=16 --node conv2", "conv2 has no unit 16: it has 16 units, counted from 0."),
        ("top_patches:part=all --node conv2", "Images is 'all', but"),
        ("deconvnet --node conv2", "--view deconvnet needs --image."),
        ("maximise:adam_steps=0 --node conv2", "Steps is '0', at least 1 is needed."),
        ("maximise:unit=10 --node fc3", "fc3 has no unit 10: it has 10 units, counted from 0."),
        ("top_patches --node conv9", "There is no layer called 'conv9'."),
    ],
)
def test_a_slip_gets_one_sentence(command, tmp_path, options, sentence):
    code, out, err = command("look", "lenet5", "--view", *options.split(), "-o", "x.png")
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "x.png").exists()


def test_images_that_are_gone_are_told(command, run, tmp_path):
    record = run.path / "parts.json"
    record.write_text(record.read_text("utf-8").replace("[", "[99999, ", 1), "utf-8")
    code, _, err = command("look", "run", "--view", "top_patches", "--node", "conv1", "-o", "x.png")
    assert code == 2
    assert "parts.json is damaged" in err


@pytest.mark.slow
def test_zfnet_shows_what_its_paper_showed(command, tmp_path):
    """Patches and what was projected back, for layers 1 to 5 of Zeiler and Fergus 2014, figure 2."""
    for node, size in (("relu1", 7), ("relu2", 27), ("relu5", 63)):
        code, _, err = command("look", "zfnet", "--set", "input_size=63", "--view",
                               "top_patches:most=20,unit=3,projected=true", "--node", node, "-o", f"{node}.png",
                               "--array", f"{node}.npy")  # fmt: skip
        assert code == 0
        assert ("The windows of pool1 and pool2 overlap" in err) == (node == "relu5")
        assert np.load(tmp_path / f"{node}.npy").shape == (1, 9, 3, size, size)
