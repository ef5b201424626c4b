"""Steps that cannot be: one sentence that names step and setting, wherever they come from."""

import json

import pytest
from small_training import settings, small_network

from cli.app import run_command
from engine.data.augmentation import AUGMENTATION
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.layers import Shape
from engine.project import Project, load_project, problems_of, save_project

WRONG = {
    "rotate:angle=20..-20": "Rotate: Angle has its lower end 20 above its upper end -20.",
    "rotate:angle=7": "Rotate: Angle is '7', but a lower and an upper end are needed.",
    "rotate:angle=nan..nan": "Rotate: Angle is not a finite number.",
    "scale:factor=1..inf": "Scale: Factor is not a finite number.",
    "rotate:angle=a..b": "Rotate: Angle is 'a', but a number is needed.",
    "rotate:probability=2": "Rotate: Probability is '2', at most 1 fits.",
    "rotate:probability=-0.1": "Rotate: Probability is '-0.1', at least 0 is needed.",
    "rotate:probability=nan": "Rotate: Probability is not a finite number.",
    "rotate:on=perhaps": "Rotate: On is 'perhaps', but true or false is needed.",
    "hue:factor=1..2": "Hue: There is nothing called 'factor' here. There are probability, on, angle.",
    "rotate:angl=1..2": "Rotate: There is nothing called 'angl' here. Did you mean 'angle'?",
    "erase:area=0.2..1.5": "Erase: Area is '1.5', at most 1 fits.",
    "mirror:direction=sideways": "Mirror: Direction is 'sideways', but it is one of 'left_right' or 'up_down'.",
    "lens:bend=-0.5..0": "Lens distortion: Bend is '-0.5', at least -0.33 is needed.",
    "crop:probability=0.5": "Crop: Probability is '0.5', at least 1 is needed.",
    "rotat": "No augmentation step or preset is called 'rotat'. Did you mean 'rotate'?",
    "photo": "No augmentation step or preset is called 'photo'. Did you mean 'photos'?",
    "zzz": "No augmentation step or preset is called 'zzz'. Presets are none, digits, photos, alexnet_2012.",
    "photos:angle=1..2": "The preset photos takes no settings: give its steps one by one.",
    "rotate:angle": "--augment takes NAME:KEY=VALUE,KEY=VALUE, but 'angle' is no KEY=VALUE.",
    "rotate:angle=1..2, angle=3..4": "--augment rotate says angle twice.",
    "rotate:name=hue": "--augment rotate names another choice as well.",
    "rotate:angle=1..2..3": "Rotate: Angle is '2..3', but a number is needed.",
    "rotate:angle=-1e400..0": "Rotate: Angle is not a finite number.",
    "warp:strength=0.5": "Local warp: Strength is '0.5', at most 0.45 fits.",
    "perspective:strength=0.9": "Perspective: Strength is '0.9', at most 0.65 fits.",
    "crop:kept_at=6": "Crop takes 8×8 pixels, but images are kept at 6: keep them at 8 pixels or more.",
    "pad:margin=4": "Padding puts 4 pixels on each side, for which images of 8×8 have no room.",
    "hue": "Hue changes colours, but the network takes grey images.",
}


@pytest.mark.parametrize("command", ["augment --data digits -o {place}/out", "train {place}/a.loom --run {place}/run"])
@pytest.mark.parametrize("step", WRONG)
def test_the_command_line_says_it_in_one_sentence_and_writes_nothing(tmp_path, capsys, step, command):
    save_project(Project(small_network()), tmp_path / "a.loom")
    assert run_command([*command.format(place=tmp_path).split(), "--augment", step]) == 2
    told = capsys.readouterr()
    assert told.err.strip().splitlines()[-1] == WRONG[step]
    assert not told.out
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"name": "rotate", "angle": [20, -20]}, "Rotate: Angle has its lower end 20 above its upper end -20."),
        ({"name": "rotate", "angle": [1, 2, 3]}, "Rotate: Angle has 3 ends, but a lower and an upper end are needed."),
        ({"name": "rotate", "probability": 2}, "Rotate: Probability is 2, at most 1 fits."),
        ({"name": "rotate", "on": 3}, "Rotate: On is 3, but true or false is needed."),
        ({"name": "rotat"}, "No augmentation step is called 'rotat'. Did you mean 'rotate'?"),
        ({"angle": [1, 2]}, "The augmentation step is named by a text, or by an object with a name."),
    ],
)
def test_a_project_file_is_refused_with_the_same_sentence(tmp_path, step, told):
    file = tmp_path / "a.loom"
    save_project(Project(small_network()), file)
    document = json.loads(file.read_text())
    document["data"]["steps"] = ["mirror", step]
    file.write_text(json.dumps(document))
    with pytest.raises(LayerloomError) as error:
        load_project(file)
    assert str(error.value).endswith(told)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"steps": ({"name": "crop", "kept_at": 6},)}, "Crop takes 8×8 pixels, but images are kept at 6"),
        ({"steps": ("hue",)}, "Hue changes colours, but the network takes grey images."),
        ({"steps": ({"name": "pad", "margin": 9},)}, "Padding puts 9 pixels on each side"),
        ({"normalise": {"name": "own", "mean": [0, 0, 0]}}, "The normalisation has 3 means"),
    ],
)
def test_what_train_would_refuse_check_names(data, told):
    project = Project(small_network(), DataSettings(**data))
    assert [problem.message.startswith(told) for problem in problems_of(project) if problem.severity.blocks] == [True]
    assert not any(problem.severity.blocks for problem in problems_of(Project(small_network())))


def test_what_a_step_may_do_is_told_by_check_and_blocks_nothing():
    project = Project(small_network(), DataSettings(steps=({"name": "mirror", "direction": "up_down"},)))
    *_, found = problems_of(project)
    assert (found.code, found.severity.blocks) == ("class_may_change", False)
    assert found.message == "A vertical flip turns 6 into 9: classes 6 and 9."


def test_images_that_steps_keep_larger_than_memory_are_refused_by_check_and_train(monkeypatch):
    monkeypatch.setattr("engine.project.readiness.free_bytes", lambda: 50_000_000)
    recipe = settings(batch_size=64)
    project = Project(small_network(), DataSettings(steps=({"name": "crop", "kept_at": 400},)), recipe)
    (found,) = (problem for problem in problems_of(project) if problem.severity.blocks)
    assert found.message == "64 images of 1×400×400 take 51.2 MB of memory, but 50.0 MB are free."
    smaller = Project(small_network(), DataSettings(steps=({"name": "crop", "kept_at": 390},)), recipe)
    assert not any(problem.severity.blocks for problem in problems_of(smaller))


def test_a_crop_of_300_from_images_kept_at_64_is_refused():
    with pytest.raises(
        LayerloomError, match="takes 300×300 pixels, but images are kept at 64: keep them at 300 pixels"
    ):
        AUGMENTATION["crop"](kept_at=64).storage(Shape(3, 300, 300))
