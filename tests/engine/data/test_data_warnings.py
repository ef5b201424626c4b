"""What people should know of their data: which sentence comes when, and what its button does."""

import colorsys
import shutil
from pathlib import Path

import numpy as np
import pytest
from image_files import make_folder
from PIL import Image

from engine.data.augmentation import AUGMENTATION
from engine.data.augmentation.characters import character_of
from engine.data.augmentation.warning import Seen
from engine.data.hues import class_hues, mean_hue, seen_in
from engine.data.loading import load
from engine.data.settings import DataSettings, SplitSettings
from engine.data.source import DataDescription
from engine.data.warnings import data_warnings, seen_before, small_class_warnings
from engine.layers import Shape
from engine.words import counted

DIGITS, LEAVES = tuple("0123456789"), ("healthy", "rust", "scab")
UP_DOWN = {"name": "mirror", "direction": "up_down"}


def told(steps, seen, **more):
    return data_warnings(DataSettings(steps=steps), seen, **more)


def sentences(steps, seen, **more):
    return [warning.message for warning in told(steps, seen, **more)]


@pytest.mark.parametrize(
    ("step", "classes", "sentence"),
    [
        (UP_DOWN, DIGITS, "A vertical flip turns 6 into 9: classes 6 and 9."),
        (UP_DOWN, ("six", "nine", "leaf"), "A vertical flip turns 6 into 9: classes six and nine."),
        (UP_DOWN, ("9 - nine", "6 - six"), "A vertical flip turns 6 into 9: classes 6 - six and 9 - nine."),
        (UP_DOWN, tuple("bpMWx"), "A vertical flip turns b into p and M into W: classes b and p, M and W."),
        ({"name": "rotate", "angle": (-180, 180)}, DIGITS, "A rotation of 180° turns 6 into 9: classes 6 and 9."),
        ({"name": "rotate", "angle": (-170, 0)}, tuple("dnpu"), "A rotation of 170° turns d into p and n into u: "),
        ({"name": "affine", "angle": (0, 160)}, ("b", "q"), "A rotation of 160° turns b into q: classes b and q."),
        ("mirror", tuple("abcd"), "A horizontal flip turns b into d: classes b and d."),
        ("mirror", DIGITS, "Letters and digits are not written mirrored: classes 2, 3, 4 and 4 more."),
        (UP_DOWN, ("7", "8"), "Letters and digits are not written upside down: class 7."),
    ],
)
def test_a_step_that_makes_another_character_of_one_says_which(step, classes, sentence):
    (warning,) = told((step,), Seen(classes))
    assert warning.message.startswith(sentence)
    assert (warning.place, str(warning.severity)) == (0, "warning")
    for fix in warning.fixes[-1:]:
        assert not data_warnings(fix.settings, Seen(classes))


@pytest.mark.parametrize(
    ("step", "classes"),
    [
        *((step, LEAVES) for step in (UP_DOWN, "mirror", {"name": "rotate", "angle": (-180, 180)})),
        ({"name": "rotate", "angle": (-120, 120)}, DIGITS),
        (UP_DOWN, ("6", "cats")[1:]),
        ("mirror", ("0", "1", "8", "A", "o")),
        (UP_DOWN, ("16", "19")),
        (UP_DOWN, ("7", "two", "rust")),
        (UP_DOWN, ("B", "a leaf", "Ü")),
        ({**UP_DOWN, "on": False}, DIGITS),
        ({**UP_DOWN, "probability": 0}, DIGITS),
    ],
)
def test_others_say_nothing(step, classes):
    assert not told((step,), Seen(classes))


def test_left_right_only_is_what_its_button_says():
    (warning,) = told(("rotate", UP_DOWN), Seen(DIGITS))
    assert [fix.label for fix in warning.fixes] == ["Left–right only", "Switch Mirror off"]
    one, other = (fix.settings for fix in warning.fixes)
    assert one == DataSettings(steps=("rotate", "mirror"))
    assert other == DataSettings(steps=("rotate", {**UP_DOWN, "on": False}))


@pytest.mark.parametrize(
    ("name", "character"),
    [
        *((name, "6") for name in ("6", "six", "Six", "digit 6", "digit_six", "class-6", "6 - six", " 6 ")),
        *((name, "") for name in ("", "66", "sixty", "6 and 9", "leaf", "é", "six leaves", "+")),
        ("letter b", "b"),
        ("B", "B"),
    ],
)
def test_which_character_a_class_is_is_read_from_its_name(name, character):
    assert character_of(name) == character


PHOTO = Shape(3, 32, 32)


@pytest.mark.parametrize(
    ("step", "sentence", "label"),
    [
        ({"name": "resize_crop", "area": (0.08, 1)}, "From 8 % of the picture what is shown may be lost.", "Keep 30 %"),
        ({"name": "resize_crop", "area": (0.1, 0.2)}, "From 10 % of the picture what is shown", "Keep 30 %"),
        ({"name": "crop", "kept_at": 80}, "A crop of 32×32 keeps 16 % of the picture, so what is", "Keep at 64 px"),
        ({"name": "crop", "kept_at": 4096}, "A crop of 32×32 keeps less than 0.1 % of the picture", "Keep at 64 px"),
        ({"name": "scale", "factor": (0.5, 2.5)}, "Where 16 % of the picture is kept what is shown", "At most ×2.2"),
        ({"name": "stretch", "width": (1, 3), "height": (2, 2)}, "Where 17 % of the picture is kept", "At most ×2.2"),
        ({"name": "affine", "factor": (1, 4)}, "Where 6 % of the picture is kept", "At most ×2.2"),
        ({"name": "shift", "vertical": (-0.4, 0)}, "Shifted by up to 40 % what is shown may be lost.", "Shift ±25 %"),
        ({"name": "affine", "horizontal": (0, 0.26)}, "Shifted by up to 26 % what is shown", "Shift ±25 %"),
        ({"name": "erase", "area": (0.1, 0.6)}, "With 60 % of the picture covered what is shown", "At most 40 %"),
    ],
)
def test_a_step_that_may_lose_what_is_shown_says_how_much(step, sentence, label):
    (warning,) = told((step,), Seen(LEAVES, shape=PHOTO))
    assert warning.message.startswith(sentence)
    (fix,) = warning.fixes
    assert fix.label == label
    assert not data_warnings(fix.settings, Seen(LEAVES, shape=PHOTO))


@pytest.mark.parametrize(
    "step",
    [
        {"name": "resize_crop", "area": (0.2, 1)},
        {"name": "crop", "kept_at": 64},
        {"name": "scale", "factor": (0.1, 2.2)},
        {"name": "stretch", "width": (1, 4)},
        {"name": "shift", "horizontal": (-0.25, 0.25)},
        {"name": "erase", "area": (0.4, 0.4)},
        *AUGMENTATION,
    ],
)
def test_up_to_the_limits_nothing_is_said(step):
    step = {"name": step, "area": (0.3, 0.4)} if step == "resize_crop" else step
    assert not told((step,), Seen(LEAVES, hues=(10.0, 90.0, 200.0), shape=PHOTO))


def test_how_many_of_the_images_shown_keep_too_little_is_counted():
    step = {"name": "resize_crop", "area": (0.08, 1)}
    heights = np.sqrt([0.5, 0.11, 0.9, 0.3, 0.25, 0.6])
    (said,) = sentences((step,), Seen(), drawn={0: {"height": heights, "width": heights}})
    assert said == "From 8 % of the picture what is shown may be lost; 1 of the 6 shown keeps 11 %."
    heights[0] = 0.3
    (said,) = sentences((step,), Seen(), drawn={0: {"height": heights, "width": heights}})
    assert said.endswith("; 2 of the 6 shown keep less than 20 %, the least 9 %.")


@pytest.mark.parametrize(
    ("step", "hues", "sentence", "label", "ends"),
    [
        (
            {"name": "hue", "angle": (-30, 30)},
            (10.0, 21.0, 300.0),
            "±30° of hue is wider than the 11° between healthy and rust: the class may change.",
            "Hue ±10°",
            (-10, 10),
        ),
        (
            {"name": "colour_jitter", "hue": (-5, 40)},
            (355.0, 90.0, 3.0),
            "−5° to 40° of hue is wider than the 8° between healthy and scab: the class may change.",
            "Hue −5° to 8°",
            (-5, 8),
        ),
        (
            {"name": "hue", "angle": (0, 2)},
            (100.0, 100.5, None),
            "0° to 2° of hue is wider than the 0.5° between healthy and rust: the class may change.",
            "Leave the hue",
            (0, 0),
        ),
    ],
)
def test_hues_that_turn_into_those_of_another_class_are_told(step, hues, sentence, label, ends):
    (warning,) = told((step,), Seen(LEAVES, hues=hues, shape=PHOTO))
    assert warning.message.startswith(sentence)
    (fix,) = warning.fixes
    assert fix.label == label
    assert ends in dict(fix.settings.steps[0]).values()
    assert not data_warnings(fix.settings, Seen(LEAVES, hues=hues, shape=PHOTO))


def test_the_nearest_hues_of_many_classes_are_found_around_the_circle():
    hues = tuple(np.random.default_rng(2).uniform(0, 360, 40).tolist())
    names = tuple(f"leaf {number}" for number in range(40))
    apart = {(abs((hues[a] - hues[b] + 180) % 360 - 180), a, b) for a in range(40) for b in range(a)}
    nearest, second, first = min(apart)
    (said,) = sentences(({"name": "hue", "angle": (-90, 90)},), Seen(names, hues=hues))
    assert said.startswith(f"±90° of hue is wider than the {nearest:.1f}° between leaf {first} and leaf {second}:")


def test_without_hues_of_two_classes_nothing_is_said():
    for hues in ((), (None, None, 20.0)):
        assert not told(({"name": "hue", "angle": (-180, 180)},), Seen(LEAVES, hues=hues, shape=PHOTO))
    assert not told(("colour_jitter",), Seen(LEAVES, hues=(1.0, 2.0, 3.0), shape=Shape(1, 8, 8)))


@pytest.mark.parametrize(("hues", "mean"), [((350, 30), 10), ((200, 200, 200), 200), ((0, 120, 240), None)])
def test_the_mean_hue_goes_around_the_circle(hues, mean):
    pixels = np.array([[[[round(255 * value)]] for value in colorsys.hsv_to_rgb(hue / 360, 1, 1)] for hue in hues])
    found = mean_hue(pixels.astype(np.uint8))
    assert found == (mean if mean is None else pytest.approx(mean, abs=0.5))


def test_the_mean_hue_is_weighted_by_saturation_against_a_plain_sum():
    pixels = np.random.default_rng(1).integers(0, 256, (3, 3, 5, 7)).astype(np.uint8)
    pixels[:, 0] |= 128  # some red
    total = 0j
    for red, green, blue in pixels.transpose(0, 2, 3, 1).reshape(-1, 3) / 255:
        hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
        total += saturation * np.exp(2j * np.pi * hue)
    assert mean_hue(pixels) == pytest.approx(np.degrees(np.angle(total)) % 360)
    assert mean_hue(np.full((2, 3, 4, 4), 90, np.uint8)) is None


def colours(place: Path, hues, count=6):
    for name, hue in hues.items():
        (place / name).mkdir(parents=True)
        for number in range(count):
            colour = [round(255 * value) for value in colorsys.hsv_to_rgb(hue / 360, 0.8, 0.5 + number / 20)]
            Image.new("RGB", (8, 8), tuple(colour)).save(place / name / f"{number}.png")
    return DataSettings(source={"name": "folder", "path": str(place)})


def test_hues_of_classes_are_measured_on_training_images(tmp_path):
    data = load(colours(tmp_path / "leaves", {"healthy": 100, "rust": 111}), Shape(3, 8, 8))
    assert class_hues(data.train) == (pytest.approx(100, abs=1), pytest.approx(111, abs=1))
    seen = seen_in(data)
    assert (seen.classes, seen.images, sum(seen.training)) == (("healthy", "rust"), (6, 6), len(data.train))
    (said,) = sentences(({"name": "hue", "angle": (-30, 30)},), seen)
    assert said == "±30° of hue is wider than the 11° between healthy and rust: the class may change."
    assert seen_in(data, steps=(AUGMENTATION["hue"](on=False), AUGMENTATION["rotate"]())).hues == ()
    assert seen_in(data, steps=(AUGMENTATION["colour_jitter"](),)).hues == seen.hues
    grey = load(DataSettings(), Shape(1, 8, 8))
    assert class_hues(grey.train) == (None,) * 10
    assert class_hues(load(DataSettings(), Shape(3, 8, 8)).train) == (None,) * 10


def test_imbalance_is_told_with_its_remedy_and_not_once_there_is_one():
    seen = Seen(("healthy", "scorch"), training=(1240, 92))
    (warning,) = told((), seen)
    assert warning.message == "healthy has 13 times the training images of scorch: 1\u202f240 against 92."
    (fix,) = warning.fixes
    assert (fix.label, fix.settings) == ("Weighted sampling", DataSettings(sampling="weighted"))
    assert not data_warnings(fix.settings, seen)
    assert not told((), seen, class_weights=True)
    (twice,) = data_warnings(fix.settings, seen, class_weights=True)
    assert twice.fixes[0].settings == DataSettings()
    assert not told((), Seen(("healthy", "scorch"), training=(460, 92)))


@pytest.mark.parametrize(
    ("split", "sentence"),
    [
        ({}, "mosaic has 2 images; three parts need 3."),
        ({"test": 0}, ""),
        ({"validation": 0}, ""),
    ],
)
def test_a_class_too_small_for_all_parts_is_named(split, sentence):
    settings = DataSettings(split=SplitSettings(**split))
    found = DataDescription("Leaves", ("mosaic", "rust"), (2, 3), None)
    assert [one.message for one in data_warnings(settings, seen_before(settings, found))] == [sentence] * bool(sentence)


def test_classes_too_small_for_all_parts_can_be_left_out(tmp_path):
    folder = make_folder(tmp_path / "leaves", {"mosaic": 2, "rust": 9, "scab": 8, "scorch": 1})
    settings = DataSettings(source={"name": "folder", "path": str(folder), "left_out": ["scab"]})
    found = settings.source.describe()
    (warning,) = (one for one in data_warnings(settings, seen_before(settings, found)) if one.code == "small_class")
    assert warning.message == "mosaic has 2 images and scorch has 1 image; three parts need 3."
    assert not warning.fixes, "one class alone can teach nothing"
    settings = settings.from_source(settings.source.leaving_out(()))
    (warning,) = (
        one
        for one in data_warnings(settings, seen_before(settings, settings.source.describe()))
        if one.code == "small_class"
    )
    (fix,) = warning.fixes
    assert fix.label == "Leave them out"
    left = fix.settings.source.describe()
    assert (left.classes, left.counts) == (("rust", "scab"), (9, 8))
    assert not [*small_class_warnings(fix.settings, seen_before(fix.settings, left))]


def test_no_class_of_a_published_set_can_be_left_out():
    settings = DataSettings()
    seen = Seen(("0", "1", "2"), (2, 9, 9))
    (warning,) = small_class_warnings(settings, seen)
    assert not warning.fixes


def test_runs_that_were_split_otherwise_are_numbered():
    settings = DataSettings(split=SplitSettings(seed=5))
    runs = [(number, DataSettings(split=SplitSettings(seed=4))) for number in (1, 2, 3, 5)]
    runs += [(6, settings), (7, DataSettings(source="mnist")), (9, DataSettings(split=SplitSettings(test=0.3)))]
    (warning,) = data_warnings(settings, Seen(), runs=runs)
    assert warning.message == "Runs 1–3, 5 and 9 used another split; figures will not compare."
    assert warning.fixes[0].settings.split == SplitSettings(test=0.3)
    (one,) = data_warnings(settings, Seen(), runs=runs[:1])
    assert one.message == "Run 1 used another split; figures will not compare."


@pytest.mark.parametrize(
    ("copied", "sentence"),
    [
        ({"test": 31}, ["31 test images are also in training."]),
        ({"validation": 1, "test": 0}, ["1 validation image is also in training."]),
        ({"validation": 1, "test": 2}, ["1 validation image and 2 test images are also in training."]),
        ({"validation": 0, "test": 0}, []),
    ],
)
def test_copies_are_told_by_part_in_one_sentence(copied, sentence):
    assert sentences((), Seen(copied=copied)) == sentence


def test_copies_of_training_images_are_counted_and_moved_to_training(tmp_path):
    folder = make_folder(tmp_path / "leaves", {"a": 20, "b": 20})
    for number in range(8):
        shutil.copyfile(folder / "a" / f"{number:03d}.png", folder / "a" / f"again{number}.png")
    made = DataSettings(source={"name": "folder", "path": str(folder)}, split=SplitSettings(validation=0.3, test=0.3))
    data = load(made, Shape(1, 8, 8))
    content = {name: (folder / str(name)).read_bytes() for name in data.names}
    parts = {part: [content[name] for name in names] for part, names in data.parts.to_json().items()}
    copied = {part: sum(one in parts["train"] for one in parts[part]) for part in ("validation", "test")}
    assert data.copied == copied
    assert min(copied.values()) > 0
    (warning,) = data_warnings(made, seen_in(data))
    counts = (counted(copied[part], f"{part} image") for part in ("validation", "test"))
    assert warning.message == f"{' and '.join(counts)} are also in training."
    (fix,) = warning.fixes
    assert fix.label == "Move to training"
    moved = load(fix.settings, Shape(1, 8, 8))
    assert not data_warnings(fix.settings, seen_in(moved))
    now = {part: {content[name] for name in names} for part, names in moved.parts.to_json().items()}
    assert not now["train"] & (now["validation"] | now["test"])
    assert not now["validation"] & now["test"]
    assert set(data.parts.train) <= set(moved.parts.train)
    assert sum(map(len, moved.parts)) == 48
