"""The command line switches units off, spoils images, and says what that changes."""

import json

import numpy as np
import pytest
from PIL import Image

from engine.data.images import read_image
from engine.evaluation.evaluating import evaluate
from engine.inspection import Alteration
from engine.inspection.damages import Blur
from engine.inspection.interventions import Off, Scale
from engine.inspection.lens import Lens
from engine.inspection.measuring import measured
from engine.runs.run_folder import RunFolder


@pytest.fixture(autouse=True)
def image(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (20, 20), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "image.png")


@pytest.fixture
def lens(trained):
    run = RunFolder(trained)
    found = Lens.of_run(run)
    found.load(run.weights())
    return found


def probabilities(predictions, when):
    return {one["class"]: one["probability"] for one in predictions[when]}


def test_what_is_said_before_and_after_is_told(command, trained, lens, tmp_path):
    asked = ("--intervene", "conv2:off=3,7..9", "--intervene", "fc1:scale=all,factor=-1.5", "--damage", "blur:radius=2")
    code, out, err = command("look", trained, "--image", "image.png", *asked, "--split", "validation", "--json")
    assert (code, err) == (0, "")
    units = Off(node="conv2", units=(3, 7, 8, 9)), Scale(node="fc1", factor=-1.5)
    altered = lens.altered(Alteration(units=units, damages=[Blur(radius=2)]))
    pixels = read_image(tmp_path / "image.png", lens.shape)
    found = json.loads(out)
    for when, one in (("before", lens), ("after", altered)):
        said = probabilities(found["predictions"], when)
        expected = one.look(pixels).prediction
        assert [said[str(place)] for place in range(10)] == pytest.approx(expected)
        assert found["accuracy"][when] == pytest.approx(measured(one, "validation").value)
    assert found["altered"] == "conv2 3, 7–9: off; fc1 all: × −1.50; blur 2.0 px"
    assert (found["part"], found["images"]) == ("validation", 270)
    lines = command("look", trained, "--image", "image.png", *asked, "--split", "validation")[1].splitlines()
    assert [line.partition(":")[0] for line in lines] == ["Before", "After", "Before", "After"]
    assert lines[3] == f"After: accuracy {100 * found['accuracy']['after']:.1f} % on 270 validation images"


def test_a_run_as_it_is_is_measured_too(command, trained):
    accuracy = evaluate(RunFolder(trained), "test").accuracy
    code, out, _ = command("look", trained, "--split", "test")
    assert (code, out) == (0, f"Accuracy {100 * accuracy:.1f} % on 270 test images\n")
    assert json.loads(command("look", trained, "--split", "test", "--json")[1])["accuracy"]["before"] == accuracy


def test_views_are_of_the_altered_network(command, trained, lens, tmp_path):
    asked = ("--view", "feature_maps", "--node", "pool2", "--image", "image.png", "--array", "maps.npy")
    code, out, _ = command("look", trained, *asked, "--intervene", "conv2:off=3")
    assert code == 0
    assert out.startswith("Before: ")
    maps = np.load(tmp_path / "maps.npy")
    assert not maps[3].any()
    assert maps[2].any()


def test_units_are_ranked_for_scripts(command, trained, lens):
    code, out, _ = command("look", trained, "--view", "ablation:part=test", "--node", "conv1", "--json")
    found = json.loads(out)
    assert (code, found["view"], found["node"], len(found["units"])) == (0, "ablation", "conv1", 6)
    worst = found["units"][0]
    altered = lens.altered(Alteration(units=[Off(node="conv1", units=(worst["unit"],))]))
    assert worst["accuracy"] == pytest.approx(measured(altered, "test").value)
    assert worst["fall"] == pytest.approx(found["accuracy"] - worst["accuracy"])


def test_the_registries_are_listed(command):
    found = json.loads(command("choices", "--json")[1])
    assert [one["name"] for one in found["interventions"]] == ["off", "scale", "constant", "part_mean", "other_image"]
    assert [one["name"] for one in found["damages"]] == ["noise", "blur", "occlusion", "rotation"]


FORM = "--intervene takes NODE:KIND=UNITS,KEY=VALUE, such as conv2:off=3,7 or conv2:scale=0..5,factor=0.5, not "


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "There is nothing to look at: give --view, --intervene, --damage or --split."),
        (("--intervene", "conv2"), f"{FORM}'conv2'."),
        (("--intervene", "conv2:=3"), f"{FORM}'conv2:=3'."),
        (("--intervene", "conv2:of=3"), "No intervention is called 'of'. Did you mean 'off'?"),
        (
            ("--intervene", "conv2:off=3..x"),
            "Units are numbers from 0, as 3 or 9..12, or all; '3..x' is none of these.",
        ),
        (("--intervene", "conv2:off="), "Units are numbers from 0, as 3 or 9..12, or all; '' is none of these."),
        (("--intervene", "conv2:off=16"), "conv2 has 16 maps, counted from 0 to 15: there is no map 16."),
        (("--intervene", "conv2:scale=1,factor=2,factor=3"), "--intervene conv2:scale says factor twice."),
        (("--intervene", "no:off=1"), "There is no layer called 'no' whose units could be changed."),
        (("--intervene", "conv2:scale=1,factor=99"), "Factor is '99', at most 10 fits."),
        (("--intervene", "conv2:other_image=1,image=no.png"), "no.png could not be read: there is no such file."),
        (("--damage", "blurr"), "No damage is called 'blurr'. Did you mean 'blur'?"),
        (("--damage", "noise:amount=2"), "Noise: Amount is '2', at most 1 fits."),
        (("--split", "tests"), "There is no part 'tests': choose train, validation or test."),
        (("--damage", "blur", "-o", "x.png"), "-o and --array write what a view shows: give --view."),
    ],
)
def test_what_cannot_be_done_is_told(command, trained, options, sentence):
    code, out, err = command("look", trained, "--image", "image.png", *options)
    assert (code, out, err) == (2, "", f"{sentence}\n")


def test_a_drawing_is_measured_on_the_images_it_would_train_on(command):
    code, out, err = command("look", "lenet5", "--split", "test")
    assert (code, err) == (0, "")
    assert "on 270 test images" in out
    code, out, err = command("look", "lenet5", "--image", "image.png", "--intervene", "conv1:off=0")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 2


def test_units_of_a_block_are_those_of_the_layer_by_which_it_ends(command, tmp_path):
    """Their numbers count the maps of that layer, and each block that is meant so is told."""

    def maps(node):
        where = ("look", "wide_resnet", "--set", "width=1", "--view", "feature_maps", "--node", "group3.0.add")
        change = ("--intervene", f"{node}:off=0..3", "--image", "image.png")
        code, _, err = command(*where, *change, "--array", "maps.npy")
        return code, err.splitlines()[0], np.load(tmp_path / "maps.npy")

    code, told, block = maps("group2.1")
    assert (code, told) == (0, "group2.1 gives what group2.1.add gives.")
    np.testing.assert_array_equal(block, maps("group2.1.add")[2])
    assert not np.array_equal(block, maps("group2.0")[2])
