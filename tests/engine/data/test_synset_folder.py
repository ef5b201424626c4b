"""Folders in the layout of ImageNet: names for its synsets, and validation images that lie flat."""

import json
import shutil

import pytest
from image_files import make_folder

from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.data.synset_folder import ImageNet
from engine.data.user_folder import Folder, source_of
from engine.errors import LayerloomError
from engine.layers.shape import Shape

SYNSETS = ("n01440764", "n02012849", "n03126707")  # tench, crane (a bird), crane (a machine)
NAMES = ("tench", "crane (n02012849)", "crane (n03126707)")
MAPPING = "n01440764 tench, Tinca tinca\nn02012849 crane\nn03126707 crane\nn03888257 parachute, chute\n"
INDEX = {"0": ["n01440764", "tench"], "134": ["n02012849", "crane"], "517": ["n03126707", "crane"]}


def made(place, *parts, count=4, inner=""):
    for seed, part in enumerate(parts):
        make_folder(place / part, {f"{synset}/{inner}": count for synset in SYNSETS}, seed=seed)
    return place


def flat(place, count=6):
    """Validation images in one folder, of which the one numbered n shows the synset n % 3."""
    scratch = make_folder(place / "scratch", {"all": count}, seed=9)
    val = place / "val"
    val.mkdir()
    for number, file in enumerate(sorted((scratch / "all").iterdir())):
        file.rename(val / f"ILSVRC2012_val_{number:08d}.png")
    shutil.rmtree(scratch)
    return val


def described(place):
    return ImageNet(path=str(place)).describe()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("LOC_synset_mapping.txt", MAPPING),
        ("words.txt", MAPPING.replace(" ", "\t", 1).replace("9 ", "9\t").replace("7 ", "7\t")),
        ("imagenet_class_index.json", json.dumps(INDEX)),
    ],
)
@pytest.mark.parametrize("up", [False, True])
def test_a_file_beside_gives_the_classes_their_names(tmp_path, file, text, up):
    folder = made(tmp_path / "imagenet", "train", "val")
    (tmp_path if up else folder).joinpath(file).write_text(text)
    found = described(folder)
    assert found.classes == NAMES
    assert found.counts == (8, 8, 8)
    assert found.validation == 12


def test_classes_are_in_the_order_of_their_synsets_and_labels_with_them(tmp_path):
    """As torchvision's ImageNet and the published weights count them, whatever they are called."""
    folder = made(tmp_path, "train", "val")
    (folder / "words.txt").write_text("n01440764\tz\nn02012849\ty\nn03126707\tx\n")
    data = load(DataSettings(source=ImageNet(path=str(folder))), Shape(3, 8, 8))
    assert data.classes == ("z", "y", "x")
    for split in data.splits.values():
        for index, label in zip(split.indices, split.targets.values, strict=True):
            assert data.names[index].split("/")[1] == SYNSETS[label]


@pytest.mark.parametrize("text", ["", "nothing", "{", '{"0": 1, "1": ["n01440764"], "2": [3, 4]}', "[1]", "\0\xff"])
@pytest.mark.parametrize("file", ["LOC_synset_mapping.txt", "imagenet_class_index.json"])
def test_a_file_that_names_nothing_leaves_the_synsets(tmp_path, file, text):
    folder = made(tmp_path, "train", "val")
    (folder / file).write_text(text, encoding="latin-1")
    assert described(folder).classes == SYNSETS


def test_the_next_file_is_read_where_one_names_nothing(tmp_path):
    folder = made(tmp_path / "imagenet", "train")
    (folder / "LOC_synset_mapping.txt").write_text("see words.txt\n")
    (folder / "imagenet_class_index.json").write_text("{}")
    (tmp_path / "words.txt").write_text("\n".join(f"{synset}\tname {synset[-1]}" for synset in SYNSETS))
    assert described(folder).classes == ("name 4", "name 9", "name 7")


def test_synsets_that_are_not_named_keep_their_numbers(tmp_path):
    folder = made(tmp_path, "train")
    (folder / "words.txt").write_text("n02012849\tcrane\n")
    assert described(folder).classes == ("n01440764", "crane", "n03126707")


# Validation images that lie flat


def test_the_solution_of_the_competition_says_what_they_show(tmp_path):
    """The folders as the competition's archive has them."""
    place = made(tmp_path / "ILSVRC" / "Data" / "CLS-LOC", "train")
    flat(place)
    (tmp_path / "ILSVRC" / "Annotations").mkdir()
    rows = [f"ILSVRC2012_val_{number:08d},{SYNSETS[number % 3]} 85 1 499 272" for number in range(6)]
    (tmp_path / "LOC_val_solution.csv").write_text("ImageId,PredictionString\n" + "\n".join(rows))
    (tmp_path / "LOC_synset_mapping.txt").write_text(MAPPING)
    for chosen in (tmp_path, place):
        found = described(chosen)
        assert (found.classes, found.counts, found.validation) == (NAMES, (6, 6, 6), 6)
        assert found.unreadable == ()
        assert "2 parts found: train for training and val for validation." in found.notes
        folder = ImageNet(path=str(chosen)).scan()
        shown = {image.path.name: image.owner for image in folder.images if image.part == "validation"}
        assert shown == {f"ILSVRC2012_val_{number:08d}.png": SYNSETS[number % 3] for number in range(6)}


def test_annotations_say_what_they_show(tmp_path):
    """The folders of Tiny ImageNet."""
    made(tmp_path, "train", inner="images")
    (tmp_path / "test" / "images").mkdir(parents=True)
    val = flat(tmp_path, 7)
    images = val / "images"
    images.mkdir()
    for file in [*val.glob("*.png")]:
        file.rename(images / file.name)
    lines = [f"ILSVRC2012_val_{number:08d}.png\t{SYNSETS[number % 3]}\t0\t32\t44\t62" for number in range(6)]
    (val / "val_annotations.txt").write_text("\n".join(lines))
    found = described(tmp_path)
    assert (found.classes, found.counts, found.validation) == (SYNSETS, (6, 6, 6), 6)
    assert [(bad.name, bad.reason) for bad in found.unreadable] == [
        ("val/images/ILSVRC2012_val_00000006.png", "in no folder of a class")
    ]


@pytest.mark.parametrize("truth", ["", "ILSVRC2012_validation_ground_truth.txt"])
def test_without_such_a_file_it_is_told_what_to_do(tmp_path, truth):
    flat(made(tmp_path, "train"))
    if truth:
        (tmp_path / truth).write_text("490\n361\n171\n")
    found = described(tmp_path)
    assert (found.classes, found.counts, found.validation) == (SYNSETS, (4, 4, 4), 0)
    assert found.notes[-1] == (
        "To use val, put LOC_val_solution.csv or val_annotations.txt beside it, which say what its images show, or "
        "move them into a folder for each class."
    )
    assert any(note.startswith("val is left out") or "val (it has no sub-folder" in note for note in found.notes), found


def test_test_images_that_lie_flat_are_no_validation_whatever_a_file_says(tmp_path):
    flat(made(tmp_path, "train")).rename(tmp_path / "test")
    rows = [f"ILSVRC2012_val_{number:08d},{SYNSETS[number % 3]} 85 1 499 272" for number in range(6)]
    (tmp_path / "LOC_val_solution.csv").write_text("\n".join(rows))
    found = described(tmp_path)
    assert (found.counts, found.validation, found.test) == ((4, 4, 4), 0, 0)
    assert not [note for note in found.notes if note.startswith("To use")]


@pytest.mark.parametrize("parts", [["train"], ["train", "test"]])
def test_of_a_folder_without_images_nothing_is_asked(tmp_path, parts):
    made(tmp_path, *parts)
    (tmp_path / "val").mkdir()
    (tmp_path / "val" / "readme.txt").write_text("The validation images come later.")
    found = described(tmp_path)
    assert (found.counts, found.validation) == ((4 * len(parts),) * 3, 0)
    assert "val is left out: it has no images." in found.notes
    assert not [note for note in found.notes if note.startswith("To use")]


# Which source reads a folder


def test_a_folder_of_synsets_is_read_as_such(tmp_path):
    for number, parts in enumerate((["train", "val"], ["ILSVRC/Data/CLS-LOC/train"], ["."], ["imagenet/train"])):
        assert source_of(made(tmp_path / str(number), *parts)).name == "imagenet"


def test_other_folders_are_not(tmp_path):
    assert source_of(make_folder(tmp_path / "a", {"cats": 1, "dogs": 1, "n01440764": 1})).name == "folder"
    assert source_of(make_folder(tmp_path / "b", {"train/cats": 1, "train/n1": 1})).name == "folder"
    assert source_of(tmp_path / "nowhere").name == "folder"


def test_an_ordinary_folder_is_read_as_ever(tmp_path):
    make_folder(tmp_path, {"cats": 3, "dogs": 3})
    assert described(tmp_path) == Folder(path=str(tmp_path)).describe()
    with pytest.raises(LayerloomError, match="There is no folder"):
        described(tmp_path / "nowhere")
