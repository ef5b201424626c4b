"""The command line looks inside: pictures and numbers of every view, of runs and of drawings."""

import shutil
from typing import ClassVar

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from views_from_outside import Number, Saliency, registered

from engine.compiling import compile_network
from engine.compiling.taps import feature_maps
from engine.data.images import read_image
from engine.inspection import VIEWS, View
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.results import Maps
from engine.project import Project, save_project
from engine.recipe.recipe import Recipe
from engine.runs.run_folder import RunFolder
from engine.settings import setting
from templates import build


@pytest.fixture(autouse=True)
def image(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (20, 20), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "image.png")


def prepared(run, tmp_path):
    """The image as the run's network takes it, worked out without the command."""
    record = RunFolder(run).record
    pixels = read_image(tmp_path / "image.png", RunFolder(run).input_shape)
    return (torch.from_numpy(pixels[None]).float() / 255 - record.mean[0]) / record.std[0]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_written_as_picture_and_as_numbers(command, trained, tmp_path, view):
    target = trained if VIEWS[view].needs_data else "lenet5"
    arguments = ("look", target, "--view", view, "--node", "conv1", "--image", "image.png")
    code, out, err = command(*arguments, "-o", "seen.png", "--array", "seen.npy")
    assert (code, out) == (0, "")
    assert err.endswith(": written to seen.png and seen.npy.\n")
    said = f"{VIEWS[view].title}{' of conv1' if VIEWS[view].needs_node else ''}"
    assert err.splitlines()[-1].startswith(said)
    assert np.load(tmp_path / "seen.npy").dtype == np.float32
    with Image.open(tmp_path / "seen.png") as picture:
        assert (picture.format, picture.mode) == ("PNG", "RGB" if issubclass(VIEWS[view], Explanation) else "L")
        assert picture.text["Description"].startswith(said)


@pytest.mark.parametrize(("options", "which"), [((), "best"), (("--epoch", "1"), 1), (("--epoch", "2"), 2)])
def test_numbers_are_those_of_the_weights_that_are_asked_for(command, trained, tmp_path, options, which):
    arguments = ("--view", "feature_maps", "--node", "conv2", "--image", "image.png", "--array", "maps.npy")
    assert command("look", trained, *arguments, *options) == (0, "", "Feature maps of conv2: written to maps.npy.\n")
    model = RunFolder(trained).load_model(which)
    expected = feature_maps(model, prepared(trained, tmp_path), ("conv2",))["conv2"][0]
    np.testing.assert_allclose(np.load(tmp_path / "maps.npy"), expected, rtol=1e-4, atol=1e-5)


def test_values_that_are_no_numbers_are_told(command, trained, tmp_path):
    run = RunFolder(shutil.copytree(trained, tmp_path / "run"))
    save_file({name: torch.full_like(value, 1e38) for name, value in run.weights().items()}, run.checkpoint("best"))
    arguments = ("--view", "feature_maps", "--node", "conv2", "--image", "image.png", "-o", "maps.png")
    code, _, err = command("look", run.path, *arguments)
    assert (code, err.splitlines()[0]) == (0, "Some of the values are NaN or infinite, which says nothing.")


def test_without_an_epoch_the_best_one_is_looked_into_and_not_the_last(command, trained, tmp_path):
    run = RunFolder(shutil.copytree(trained, tmp_path / "run"))
    shutil.copy(run.checkpoint(1), run.checkpoint("best"))
    shutil.copy(run.checkpoint(2), run.checkpoint("last"))
    where = ("run", "--view", "filters", "--node", "conv1", "--array")
    for file, options in (("best.npy", ()), ("first.npy", ("--epoch", "1")), ("second.npy", ("--epoch", "2"))):
        assert command("look", *where, file, *options)[0] == 0
    best, first, second = (np.load(tmp_path / f"{name}.npy") for name in ("best", "first", "second"))
    np.testing.assert_array_equal(best, first)
    np.testing.assert_array_equal(best, run.load_model(1).conv1.weight.detach())
    np.testing.assert_array_equal(second, run.load_model(2).conv1.weight.detach())
    assert not np.array_equal(first, second)
    assert command("features", "run", "--node", "conv1", "--image", "image.png", "-o", "short.png")[0] == 0
    command("look", "run", "--view", "feature_maps", "--node", "conv1", "--image", "image.png", "-o", "long.png")
    assert (tmp_path / "short.png").read_bytes() == (tmp_path / "long.png").read_bytes()


@pytest.mark.parametrize("seed", [0, 7])
def test_the_weights_of_a_drawing_are_those_that_a_training_would_begin_with(command, tmp_path, seed):
    save_project(Project(build("lenet5"), training=Recipe(seed=seed)), tmp_path / "drawn.loom")
    command("look", "drawn.loom", "--view", "filters", "--node", "conv1", "--array", "kernels.npy")
    expected = compile_network(build("lenet5"), seed=seed).conv1.weight.detach()
    np.testing.assert_array_equal(np.load(tmp_path / "kernels.npy"), expected)


def test_settings_of_a_view_follow_its_name(command, trained, tmp_path):
    command("look", trained, "--view", "step:channel=1,row=2,column=3,decimals=6", "--node", "conv1",
            "--image", "image.png", "--array", "products.npy")  # fmt: skip
    model, pixels = RunFolder(trained).load_model(), prepared(trained, tmp_path)
    value = feature_maps(model, pixels, ("conv1",))["conv1"][0, 1, 2, 3]
    products = np.load(tmp_path / "products.npy")
    assert products.shape == (1, 5, 5)
    assert products.sum() + model.conv1.bias[1].item() == pytest.approx(value, abs=1e-4)


def test_feature_maps_are_those_of_the_short_form(command, tmp_path):
    where = ("lenet5", "--node", "conv1", "--image", "image.png", "-o")
    assert command("features", *where, "short.png") == (0, "", "6 maps of conv1 are in short.png.\n")
    assert command("look", *where, "long.png", "--view", "feature_maps")[0] == 0
    assert (tmp_path / "short.png").read_bytes() == (tmp_path / "long.png").read_bytes()


def test_what_a_view_does_not_use_is_told(command, tmp_path):
    code, out, err = command(
        "look", "lenet5", "--view", "filters", "--node", "conv1", "--array", "kernels.npy",
        "--image", "image.png", "--class", "3", "--epoch", "4",
    )  # fmt: skip
    assert (code, out) == (0, "")
    assert err.splitlines() == [
        "--view filters does not use --image.",
        "--view filters does not use --class.",
        "lenet5 is no run and has initial weights: --epoch is not used.",
        "Filters of conv1: written to kernels.npy.",
    ]
    assert np.load(tmp_path / "kernels.npy").shape == (6, 1, 5, 5)


def test_a_view_from_outside_is_asked_about_a_class(command, trained, tmp_path):
    def seen(*options):
        code, _, err = command("look", trained, "--image", "image.png", "--array", "heat.npy", *options)
        assert code == 0, err
        return np.load(tmp_path / "heat.npy"), err

    with registered(Saliency):
        by_name, by_setting = seen("--view", "toy_saliency", "--class", "7"), seen("--view", "toy_saliency:target=7")
        other, told = seen("--view", "toy_saliency", "--class", "3", "--node", "conv1", "-o", "heat.png")
        assert command("choices", "views")[1].count("toy_saliency") == 1
        code, _, err = command("look", trained, "--view", "toy_saliency", "--image", "image.png", "--array", "x.npy",
                               "--class", "10")  # fmt: skip
    assert (code, err) == (
        2, "The network has no class '10': they are counted from 0 to 9. It has 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.\n"
    )  # fmt: skip
    images = prepared(trained, tmp_path).requires_grad_()
    RunFolder(trained).load_model(logits=True)(images)[0, 7].backward()
    np.testing.assert_allclose(by_name[0], images.grad[0].abs().amax(0).numpy(), rtol=1e-4, atol=1e-7)
    np.testing.assert_array_equal(by_name[0], by_setting[0])
    assert not np.array_equal(by_name[0], other)
    assert told.splitlines() == [
        "--view toy_saliency does not use --node.",
        "Toy saliency: written to heat.png and heat.npy.",
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--view filter --node conv1 -o x.png", "No view is called 'filter'. Did you mean 'filters'?"),
        ("--view step:row --node conv1 -o x.png", "--view takes NAME:KEY=VALUE,KEY=VALUE, but 'row' is no KEY=VALUE."),
        ("--view step:row=x --node conv1 -o x.png", "Row is 'x', but a whole number is needed."),
        ("--view step:rows=1 --node conv1 -o x.png", "There is nothing called 'rows' here."),
        ("--view step --node relu1 --image image.png -o x.png",
         "The view Step through is for convolutions, but 'relu1' is ReLU."),
        ("--view step:row=99 --node conv1 --image image.png -o x.png", "There is no value at row 99, column 0"),
        ("--view filters --node convv -o x.png", "There is no layer called 'convv'. There are input, conv1"),
        ("--view filters -o x.png", "--view filters needs --node."),
        ("--view step --node conv1 -o x.png", "--view step needs --image."),
        ("--view filters --node conv1", "There is nothing to write: give -o for a picture"),
        ("--view filters --node conv1 -o x.gif", "A figure is PNG, SVG or PDF, but x.gif ends in .gif."),
        ("--view feature_maps --node conv1 --image none.png -o x.png", "there is no such file"),
    ],
)  # fmt: skip
def test_a_slip_gets_one_sentence(command, tmp_path, options, sentence):
    code, out, err = command("look", "lenet5", *options.split())
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "x.png").exists()


def test_an_epoch_that_is_not_kept_is_told(command, trained):
    code, _, err = command("look", trained, "--view", "filters", "--node", "conv1", "--epoch", "9", "-o", "x.png")
    assert code == 2
    assert "kept epochs: 1, 2." in err


def test_a_network_without_an_input_is_told(command, tmp_path):
    network = build("lenet5")
    network.remove("input")
    save_project(Project(network), tmp_path / "none.loom")
    for arguments in (("look", "none.loom", "--view", "filters"), ("features", "none.loom", "--image", "image.png")):
        code, _, err = command(*arguments, "--node", "conv1", "-o", "x.png")
        assert (code, err) == (2, "Looking inside needs one input that takes the image; there is none.\n")


class Cut(View):
    """Raises, gives or shows what a test puts there."""

    name: ClassVar = "toy_cut"
    title: ClassVar = "Toy cut"
    needs_node: ClassVar = False
    class_setting: ClassVar = "target"
    gives: ClassVar[object] = None

    target: int | None = setting(None, "Class")

    def show(self, lens, image, node):
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives(image) if callable(self.gives) else self.gives


@pytest.mark.parametrize(
    ("gives", "sentence"),
    [
        (RuntimeError("sizes differ"), "The view Toy cut ended unexpectedly: RuntimeError. The details are in "),
        (
            IndexError("index 12 is out of range"),
            "The view Toy cut ended unexpectedly: IndexError. The details are in ",
        ),
        (None, "The view Toy cut gives NoneType, which is no result of a view.\n"),
        (np.zeros((3, 3)), "The view Toy cut gives ndarray, which is no result of a view.\n"),
        (
            Maps,
            "The view Toy cut gives what cannot be shown: Maps are (C, H, W) or (N,), an array, "
            "but this is a Tensor.\n",
        ),
        (
            staticmethod(lambda image: Maps(np.array(["a", "b"]))),
            "The view Toy cut gives what cannot be shown: Maps are (C, H, W) or (N,) of real numbers, "
            "but these are <U1.\n",
        ),
        (Number(0.5), "There are no numbers of Number.\n"),
    ],
)
def test_what_a_view_does_wrong_is_said_of_it(command, tmp_path, monkeypatch, gives, sentence):
    monkeypatch.setattr(Cut, "gives", gives)
    with registered(Cut):
        code, out, err = command("look", "lenet5", "--view", "toy_cut", "--image", "image.png", "--array", "x.npy")
    assert (code, out) == (2, "")
    assert err.startswith(sentence)
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "x.npy").exists()


class Classless(Saliency):
    """Names a setting that it does not have."""

    name: ClassVar = "toy_classless"
    title: ClassVar = "Toy classless"
    class_setting: ClassVar = "nothing"


@pytest.mark.parametrize("asked", [(), ("--class", "3")])
def test_a_view_that_names_no_setting_of_its_own_for_the_class_is_blamed(command, asked):
    with registered(Classless):
        code, _, err = command(
            "look", "lenet5", "--view", "toy_classless", "--image", "image.png", "--array", "x.npy", *asked
        )
    assert code == 2
    assert err.startswith("The view Toy classless ended unexpectedly: AttributeError. The details are in ")


@pytest.mark.parametrize("number", [10, -1])
def test_a_class_out_of_range_in_a_setting_is_told_as_one_of_the_option(command, number):
    with registered(Saliency):
        code, _, err = command(
            "look", "lenet5", "--view", f"toy_saliency:target={number}", "--image", "image.png", "--array", "x.npy"
        )
    assert (code, err) == (2, f"The network has no class {number}: they are counted from 0 to 9.\n")


@pytest.mark.parametrize("same", ["x", "./x", "../{here}/x"])
def test_picture_and_numbers_are_not_written_over_each_other(command, tmp_path, same):
    other = same.format(here=tmp_path.name)
    code, _, err = command("look", "lenet5", "--view", "filters", "--node", "conv1", "-o", "x", "--array", other)
    assert (code, err) == (2, "-o and --array are both x: give the picture and the numbers a file each.\n")
    assert not (tmp_path / "x").exists()


def test_a_folder_in_place_of_an_image_is_named(command, tmp_path):
    code, _, err = command("look", "lenet5", "--view", "feature_maps", "--node", "conv1", "--image", ".", "-o", "x.png")
    assert (code, err) == (2, f"{tmp_path} could not be read: it is a folder.\n")


# Explanations

METHODS = [view for view in VIEWS if issubclass(VIEWS[view], Explanation)]


def slope(trained, tmp_path, number):
    """The gradient of a score by the pixels in 64 bits, ``(1, H, W)``, without the command."""
    images = prepared(trained, tmp_path).double().requires_grad_()
    RunFolder(trained).load_model(logits=True).double()(images)[0, number].backward()
    return images.grad[0].numpy()


@pytest.mark.parametrize("view", METHODS)
def test_a_class_is_asked_by_its_name_its_number_and_in_the_settings(command, trained, tmp_path, view):
    arguments = ("look", trained, "--node", "conv2", "--image", "image.png", "--array")
    said = [command(*arguments, "a.npy", "--view", view, "--class", "4")[2],
            command(*arguments, "b.npy", "--view", f"{view}:target=4")[2],
            command(*arguments, "c.npy", "--view", view, "--class", "5")[2]]  # fmt: skip
    node = " of conv2" * VIEWS[view].needs_node
    assert [line.splitlines()[-1] for line in said] == [
        f"{VIEWS[view].title}{node} for {number}: written to {file}.npy."
        for number, file in ((4, "a"), (4, "b"), (5, "c"))
    ]
    first, second, other = (np.load(tmp_path / f"{name}.npy") for name in "abc")
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_arrays_are_computed_in_64_bits_and_unscaled(command, trained, tmp_path):
    where = ("look", trained, "--class", "4", "--image", "image.png", "--array", "x.npy", "--view")
    gradient = slope(trained, tmp_path, 4)
    for view, expected in (
        ("saliency", np.abs(gradient).max(axis=0)),
        ("smooth_grad:noise=0,samples=1", np.abs(gradient).max(axis=0)),
        ("gradient_input", (gradient * prepared(trained, tmp_path)[0].double().numpy()).sum(axis=0)),
    ):
        assert command(*where, view)[0] == 0
        found = np.load(tmp_path / "x.npy")
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


def test_figures_say_which_network_run_epoch_layer_and_class(command, trained, tmp_path):
    where = ("look", trained, "--view", "grad_cam", "--node", "conv2", "--class", "4", "--image", "image.png", "-o")
    assert (
        command(*where, "x.png", "--epoch", "1")[0] == command(*where, "x.svg")[0] == command(*where, "x.pdf")[0] == 0
    )
    with Image.open(tmp_path / "x.png") as picture:
        first, second = picture.text["Description"].splitlines()
    assert first == "Grad-CAM of conv2 for 4"
    name = RunFolder(trained).project().network.name
    assert second.startswith(f"{name} · {trained.name} · epoch 1 · score ")
    assert f"{name} · {trained.name} · best epoch · score " in (tmp_path / "x.svg").read_text("utf-8")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
    command("look", "lenet5", *where[2:], "y.png")
    with Image.open(tmp_path / "y.png") as picture:
        assert " · untrained · " in picture.text["Description"]


def test_what_cannot_be_explained_and_what_is_to_be_known_is_told(command, tmp_path):
    where = ("--image", "image.png", "-o", "x.png")
    code, _, err = command("look", "lenet5", "--view", "grad_cam", "--node", "fc1", *where)
    assert (code, err) == (2, "Grad-CAM needs maps, but fc1 gives a vector. Take --node conv2.\n")
    code, _, err = command("look", "lenet5", "--set", "variant=1998", "--view", "guided_backprop", *where)
    assert code == 0
    assert err.startswith("Guided backprop needs ReLU: all ")
    assert " are Scaled tanh and pass the plain gradient.\n" in err


def test_a_block_stands_for_the_layer_by_which_it_ends(command, tmp_path):
    where = ("look", "wide_resnet", "--set", "width=1", "--view", "grad_cam", "--image", "image.png", "--array")
    code, _, err = command(*where, "block.npy", "--node", "group2.1")
    assert (code, err.splitlines()[0]) == (0, "group2.1 gives what group2.1.add gives.")
    assert command(*where, "layer.npy", "--node", "group2.1.add")[0] == 0
    np.testing.assert_array_equal(np.load(tmp_path / "block.npy"), np.load(tmp_path / "layer.npy"))
