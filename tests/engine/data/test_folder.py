"""Folders as people have them: parts of their own, files that are no images, links, names of every kind."""

import os
import shutil
import sys
import unicodedata
from pathlib import Path

import pytest
from image_files import make_folder

from engine.data import memory_images
from engine.data.folder import scan_folder
from engine.data.loading import Earlier, load
from engine.data.normalise import Normalisation
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.layers.shape import Shape

CLASSES = {"cats": 6, "dogs": 6}


def loaded(folder, as_in=None, **split):
    settings = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(**split))
    return load(settings, Shape(1, 6, 6), as_in=as_in)


def described(folder):
    return Folder(path=str(folder)).describe()


def made(place, *parts, classes=CLASSES):
    """A folder with these parts, whose images all differ."""
    for seed, part in enumerate(parts):
        make_folder(place / part, classes, seed=seed)
    return place


def names_in(place, *parts):
    return sorted(file.relative_to(place).as_posix() for part in parts for file in (place / part).rglob("*.png"))


def reasons(found):
    return {entry.path.name: entry.reason for entry in found}


# Parts


@pytest.mark.parametrize("in_memory", [0, 2**20])
def test_parts_of_a_folder_are_used_as_they_are(tmp_path, monkeypatch, in_memory):
    monkeypatch.setattr(memory_images, "IN_MEMORY", in_memory)
    data = loaded(made(tmp_path, "train", "val", "test"), validation=0.5, test=0.5)
    assert data.classes == ("cats", "dogs")
    for part, folder in zip(data.parts, ("train", "val", "test"), strict=True):
        assert sorted(part) == names_in(tmp_path, folder)
    assert data.notes == ("3 parts found: train for training, val for validation and test for test.",)
    for split in data.splits.values():
        assert split.targets.counts == (6, 6)


@pytest.mark.parametrize(("there", "cut"), [("test", "validation"), ("val", "test")])
def test_a_part_that_is_missing_is_cut_from_training(tmp_path, there, cut):
    data = loaded(made(tmp_path, "train", there), validation=0.25, test=0.25)
    given = {"test": data.parts.test, "val": data.parts.validation}[there]
    taken = {"test": data.parts.test, "validation": data.parts.validation}[cut]
    assert sorted(given) == names_in(tmp_path, there)
    assert len(taken) == 3
    assert sorted((*data.parts.train, *taken)) == names_in(tmp_path, "train")
    assert data.notes[1] == f"Images for {cut} are cut from training."
    found = described(tmp_path)
    assert (found.validation, found.test) == ((0, 12) if there == "test" else (12, 0))
    settings = DataSettings(source=Folder(path=str(tmp_path)), split={"validation": 0.25, "test": 0.25})
    assert settings.training_images(found) == len(data.train)


def test_a_part_that_is_cut_is_not_cut_where_the_split_asks_for_none(tmp_path):
    data = loaded(made(tmp_path, "train", "test"), validation=0, test=0.25)
    assert [len(part) for part in data.parts] == [12, 0, 12]


def test_what_belongs_to_no_part_is_left_out_and_told(tmp_path):
    made(tmp_path / "Intel", "seg_train/seg_train", "seg_test/seg_test")
    make_folder(tmp_path / "Intel" / "seg_pred", {"seg_pred": 3})
    make_folder(tmp_path / "Intel" / "seg_test" / "seg_test", {"owls": 2})
    data = loaded(tmp_path / "Intel", validation=0)
    assert [len(part) for part in data.parts] == [12, 0, 12]
    assert data.classes == ("cats", "dogs")
    assert data.notes == described(tmp_path / "Intel").notes
    assert data.notes == (
        "2 parts found: seg_train for training and seg_test for test.",
        "seg_pred is left out: it belongs to no part.",
        "seg_test/seg_test/owls is left out: no image of this class trains.",
    )


def test_a_folder_around_is_looked_through_and_told(tmp_path):
    make_folder(tmp_path / "archive" / "PetImages", CLASSES)
    (tmp_path / "__MACOSX" / "archive").mkdir(parents=True)
    data = loaded(tmp_path)
    assert data.classes == ("cats", "dogs")
    assert data.notes == ("The images stand in archive/PetImages.",)
    assert all(name.startswith("archive/PetImages/") for part in data.parts for name in part)


def test_what_may_be_either_is_refused_with_both_readings(tmp_path):
    rooms = tmp_path / "rooms"
    make_folder(rooms / "test tube", {"indoor": 2, "outdoor": 2})
    make_folder(rooms / "training shoe", {"indoor": 2, "outdoor": 2})
    with pytest.raises(LayerloomError) as error:
        described(rooms)
    assert str(error.value) == (
        f"The folder {rooms} can be read in two ways: test tube and training shoe may be parts of the "
        "data or classes of these names. If they are parts, give each the same sub-folders, one for each class, or "
        f"choose {rooms / 'training shoe'} alone, which Layerloom divides itself. If they are classes, rename "
        "them without words such as train and test."
    )
    assert described(rooms / "training shoe").classes == ("indoor", "outdoor")
    make_folder(tmp_path / "some" / "cats", {"train": 2, "test": 2})
    make_folder(tmp_path / "some", {"dogs": 2})
    with pytest.raises(LayerloomError, match="some/cats has the parts test and train, other classes have none"):
        described(tmp_path / "some")


def test_an_old_run_takes_every_sub_folder_for_a_class(tmp_path):
    folder = made(tmp_path / "sets", "train", "test")
    (folder / "train" / "more").symlink_to(folder / "test", target_is_directory=True)
    data = loaded(folder, as_in=Earlier(None, Normalisation((0,), (1,))))
    assert data.classes == ("test", "train")
    assert data.parts.images == 24


# Files and classes that are not used


def test_files_of_a_class_that_are_not_used_are_listed_with_the_reason(tmp_path):
    folder = make_folder(tmp_path / "pets", CLASSES)
    image = (folder / "cats" / "000.png").read_bytes()
    others = ("a.heic", "b.DCM", "c.nef", "d", "e.png?raw=true", "f.xyz", "g.txt")
    for name in (*others, ".hidden", "Thumbs.db"):
        (folder / "cats" / name).write_bytes(image)
    (folder / "loose.png").write_bytes(image)
    (folder / "README.md").write_text("pets")
    found = described(folder)
    assert found.counts == (6, 6)
    assert reasons(found.unreadable) == {
        "a.heic": "HEIC is not read: save it as PNG or JPEG",
        "b.DCM": "DICOM is not read: save it as PNG or JPEG",
        "c.nef": "A camera's raw format is not read: save it as PNG or JPEG",
        "d": "it has no suffix: add the one of its format, such as .jpg",
        "e.png?raw=true": "its name goes on after .png: rename it",
        "f.xyz": ".xyz is no image format that is read",
        "g.txt": ".txt is no image format that is read",
        "loose.png": "in no folder of a class",
    }
    assert reasons(loaded(folder).skipped) == reasons(found.unreadable)
    assert {entry.name for entry in found.unreadable} == {*(f"cats/{name}" for name in others), "loose.png"}


@pytest.mark.parametrize("content", [None, "a.heic", "a.png"])
def test_a_class_that_yields_no_image_is_named(tmp_path, content):
    folder = make_folder(tmp_path / "pets", {**CLASSES, "owls": 0})
    if content:
        (folder / "owls" / content).write_bytes(b"damaged")
    found = described(folder)
    assert found.classes == ("cats", "dogs")
    assert found.notes == ("No image of owls can be used: no class is made of it.",)


def test_a_class_whose_images_turn_out_damaged_is_named(tmp_path):
    folder = make_folder(tmp_path / "pets", {**CLASSES, "owls": 1})
    damaged = folder / "owls" / "000.png"
    damaged.write_bytes(damaged.read_bytes()[:-60])
    data = loaded(folder)
    assert data.classes == ("cats", "dogs")
    assert data.notes == ("No image of owls can be used: no class is made of it.",)


def test_a_class_that_cannot_be_learned_alone_says_what_is_left_out(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 3, "dogs": 0})
    (folder / "dogs" / "a.heic").write_bytes(b"x")
    with pytest.raises(LayerloomError, match=r"only, 'cats'.* 1 file is left out: dogs/a.heic \(HEIC is not"):
        described(folder)


# Links and names


def test_links_are_followed_and_loops_cut(tmp_path):
    store = make_folder(tmp_path / "store", {"cats": 3, "more": 2, "dogs": 4})
    folder = tmp_path / "pets"
    (folder / "cats").mkdir(parents=True)
    for name, target in (
        ("dogs", store / "dogs"),
        ("cats/first", store / "cats"),
        ("cats/one.png", store / "more" / "000.png"),
        ("cats/all", folder),
        ("cats/self", folder / "cats"),
        ("cats/none.png", store / "nowhere.png"),
    ):
        (folder / name).symlink_to(target, target_is_directory=target.is_dir())
    (store / "dogs" / "back").symlink_to(folder, target_is_directory=True)
    found = described(folder)
    assert (found.classes, found.counts) == (("cats", "dogs"), (4, 4))
    assert reasons(found.unreadable) == {"none.png": "there is no such file"}


def test_a_link_to_a_class_or_to_what_is_around_multiplies_no_image(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 3, "dogs": 4})
    for link, target in (
        ("Kitty", "cats"),  # comes before what it is a link to
        ("cats/more", "../dogs"),
        ("dogs/up", ".."),
        ("dogs/out", "../.."),
    ):
        (folder / link).symlink_to(target, target_is_directory=True)
    found = described(folder)
    assert (found.classes, found.counts) == (("cats", "dogs"), (3, 4))
    assert found.notes == (
        "Kitty, cats/more, dogs/out and 1 more are links to folders that are read already: each image counts once.",
    )


@pytest.mark.parametrize("hard", [True, False])
def test_a_link_to_an_image_is_no_other_image(tmp_path, hard):
    folder = make_folder(tmp_path / "pets", {"cats": 3, "dogs": 4})
    link = folder / "cats" / "000 a.png"  # comes before what it is a link to
    if hard:
        link.hardlink_to(folder / "dogs" / "001.png")
        kept, left_out = (4, 3), ("dogs/001.png", "it is the same file as cats/000 a.png")
    else:
        link.symlink_to("../dogs/001.png")
        kept, left_out = (3, 4), ("cats/000 a.png", "it is the same file as dogs/001.png")
    found = described(folder)
    assert found.counts == kept
    assert [(entry.name, entry.reason) for entry in found.unreadable] == [left_out]
    assert loaded(folder).skipped == found.unreadable


def test_links_among_many_classes_are_read_once_each(tmp_path):
    names = [f"class {number}" for number in range(12)]
    folder = make_folder(tmp_path / "pets", dict.fromkeys(names, 1))
    for one in names:
        for other in names:
            if one != other:
                (folder / one / f"to {other}").symlink_to(folder / other, target_is_directory=True)
    assert described(folder).counts == (1,) * 12


def test_folders_that_are_too_deep_are_left_out_and_told(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "pets", CLASSES)
    image = (folder / "cats" / "000.png").read_bytes()
    monkeypatch.chdir(folder / "cats")
    for depth in range(1500):
        os.mkdir("d")  # noqa: PTH102 - a path this long is refused whole
        os.chdir("d")
        if depth in (98, 99, 1499):  # 100 folders down, and further
            with open(f"{depth}.png", "wb") as file:  # noqa: PTH123
                file.write(image + bytes([depth % 256]))
    found = described(folder)
    assert found.counts == (7, 6)
    assert found.notes == ("What stands more than 100 folders deep is left out: cats/d/d/….",)
    monkeypatch.undo()
    remove_deep(folder / "cats" / "d")


def remove_deep(top):
    """Remove a chain of folders, which is deeper than `shutil.rmtree` can go."""
    place = os.getcwd()  # noqa: PTH109
    os.chdir(top)
    depth = 0
    while Path("d").is_dir():
        os.chdir("d")
        depth += 1
    for _ in range(depth):
        for file in Path().glob("*.png"):
            file.unlink()
        os.chdir("..")
        os.rmdir("d")  # noqa: PTH106
    os.chdir(place)


def test_what_only_goes_with_the_images_is_left_out_and_told(tmp_path):
    folder = tmp_path / "Radiography"
    for number, name in enumerate(("COVID", "Normal")):
        make_folder(folder / name, {"images": 4, "masks": 4}, seed=number)
    data = loaded(folder)
    assert data.classes == ("COVID", "Normal")
    assert sum(map(len, data.splits.values())) == 8
    assert all("/images/" in name for name in data.names)
    assert data.notes == ("COVID/masks and Normal/masks are left out: their names say that they go with the images.",)


def test_folders_that_say_nothing_of_what_is_seen_are_refused_with_both_readings(tmp_path):
    made(tmp_path / "set", "v1", "v2")
    with pytest.raises(LayerloomError) as error:
        described(tmp_path / "set")
    assert str(error.value) == (
        f"The folder {tmp_path / 'set'} can be read in two ways: v1 and v2 may say how images are kept, or what goes "
        f"with them, or be classes of these names. If they are no classes, choose the one that has the classes, such "
        f"as {tmp_path / 'set' / 'v1'}. If they are, add a word to each name that says what is to be seen."
    )
    assert described(tmp_path / "set" / "v1").classes == ("cats", "dogs")
    make_folder(tmp_path / "pets", {**CLASSES, "labels": 3})
    with pytest.raises(LayerloomError, match=r"If they are no classes, move them elsewhere. If they are, add a word"):
        described(tmp_path / "pets")
    (tmp_path / "pets" / "labels").rename(tmp_path / "pets" / "labels on jars")
    assert described(tmp_path / "pets").classes == ("cats", "dogs", "labels on jars")


def test_the_name_of_a_class_and_its_place_are_the_same_in_every_form(tmp_path):
    found = []
    for form in ("NFC", "NFD"):
        names = [unicodedata.normalize(form, name) for name in ("caf\u00e9", "cafz", "\u00d6l")]
        found.append(described(make_folder(tmp_path / form, dict.fromkeys(names, 2))).classes)
    assert found[0] == found[1] == ("cafz", "caf\u00e9", "\u00d6l")


def test_names_that_differ_in_their_form_alone_are_one_class(tmp_path):
    composed, apart = "caf\u00e9", "cafe\u0301"
    folder = make_folder(tmp_path / "bars", {composed: 2, "pubs": 3}, seed=1)
    make_folder(tmp_path / "bars", {apart: 4}, seed=2)
    found = described(folder)
    assert (found.classes, found.counts) == ((composed, "pubs"), (6, 3))


def test_a_folder_that_was_copied_to_a_system_with_another_form_keeps_its_parts(tmp_path):
    folder = make_folder(tmp_path / "bars", {"cafe\u0301": 6, "pubs": 6})
    before = loaded(folder)
    (folder / "cafe\u0301").rename(folder / "caf\u00e9")
    after = loaded(folder, as_in=Earlier(before.parts, before.normalisation))
    assert (after.unassigned, after.gone) == (0, 0)
    for one, other in zip(before.splits.values(), after.splits.values(), strict=True):
        assert [before.names[index] for index in one.indices] == [
            unicodedata.normalize("NFD", after.names[index]) for index in other.indices
        ]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_files_whose_names_differ_in_their_form_alone_stay_apart_and_in_their_parts(tmp_path):
    folder = make_folder(tmp_path / "bars", {"caf\u00e9": 5, "pubs": 6}, seed=1)
    make_folder(tmp_path / "bars", {"cafe\u0301": 5}, seed=2)
    before = loaded(folder)
    marks = dict(zip(before.names, before.fingerprints, strict=True))
    earlier = Earlier(before.parts, before.normalisation, fingerprints=marks, classes=before.classes)
    after = loaded(folder, as_in=earlier)
    assert (after.unassigned, after.gone) == (0, 0)
    for part, split in after.splits.items():
        assert split.indices.tolist() == before.splits[part].indices.tolist()
    assert after.train.turns.places.tolist() == list(range(len(before.train)))
    (folder / before.parts.train[0]).unlink()
    assert (loaded(folder, as_in=earlier).gone, loaded(folder, as_in=earlier).unassigned) == (1, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_names_that_are_no_text_get_one_sentence(tmp_path):
    folder = make_folder(tmp_path / "pets", CLASSES)
    image = (folder / "cats" / "000.png").read_bytes()
    (folder / "cats" / os.fsdecode(b"\xff.png")).write_bytes(image)
    assert described(folder).copies == (
        "1 file is a copy of another, byte for byte; in different parts, what trains would also test: "
        "cats/000.png = cats/\\xff.png. Keep one of each.",
    )
    odd = folder / os.fsdecode(b"owls\xff")
    odd.mkdir()
    assert described(folder).counts == (7, 6)
    (odd / "a.png").write_bytes(image)
    with pytest.raises(LayerloomError, match=r"The folder of a class has a name that is not UTF-8, .*owls.xff: rename"):
        described(folder)
    with pytest.raises(LayerloomError, match=r"The folder of images has a name that is not UTF-8, .*owls.xff: rename"):
        described(odd)


# Order


def test_the_scan_is_in_the_same_order_everywhere(tmp_path):
    folder = make_folder(tmp_path / "pets", {"b": 2, "a/y": 2, "a/x": 1, "B": 1})
    shutil.copy(folder / "b" / "000.png", folder / "a" / "z.png")
    assert scan_folder(folder).names == (
        "B/000.png",
        "a/z.png",
        "a/x/000.png",
        "a/y/000.png",
        "a/y/001.png",
        "b/000.png",
        "b/001.png",
    )
