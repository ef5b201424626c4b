"""Moving files so that their labels are right."""

import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.data.synset_folder import ImageNet
from engine.errors import LayerloomError
from engine.evaluation.label_errors import Move, relabel, to_class
from engine.evaluation.relabelling import LOG, beside_others, last_relabelled
from engine.layers.shape import Shape


@pytest.fixture
def images(tmp_path):
    for name in ("cat/1.png", "cat/2.png", "cat/sub/3.png", "dog/1.png", "other/9.png"):
        (tmp_path / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "images" / name).write_text(name)
    return tmp_path / "images"


def files(root):
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*.png")}


def test_files_move_and_come_back_and_a_log_says_so(images):
    before = files(images)
    moves = [to_class("cat/2.png", "cat", "dog"), to_class("cat/sub/3.png", "cat", "dog")]
    assert moves == [("cat/2.png", "dog/2.png"), ("cat/sub/3.png", "dog/sub/3.png")]
    back = relabel(images, moves)
    moved = files(images)
    assert moved["dog/2.png"] == "cat/2.png"
    assert moved["dog/sub/3.png"] == "cat/sub/3.png"
    assert len(moved) == len(before)
    assert relabel(images, back) == tuple(moves)
    assert files(images) == before
    lines = [json.loads(line) for line in (images / LOG).read_text().splitlines()]
    assert [(line["from"], line["to"]) for line in lines] == [*moves, *back]


def test_a_file_whose_name_is_taken_in_the_other_class_gets_another_and_comes_back_under_its_own(images):
    before = files(images)
    wanted = [to_class(name, "cat", "dog") for name in ("cat/1.png", "cat/2.png")]
    moves = beside_others(images, wanted)
    assert moves == [("cat/1.png", "dog/1_from_cat.png"), wanted[1]]
    back = relabel(images, moves)
    moved = files(images)
    assert (moved["dog/1.png"], moved["dog/1_from_cat.png"]) == ("dog/1.png", "cat/1.png")
    assert len(moved) == len(before)
    assert relabel(images, back) == tuple(moves)
    assert files(images) == before
    shutil.copy(images / "cat/2.png", images / "dog/1_from_cat.png")
    assert beside_others(images, wanted[:1]) == [("cat/1.png", "dog/1_from_cat_2.png")]
    same = [Move("cat/1.png", "dog/1.png"), Move("cat/sub/1.png", "dog/1.png")]
    assert len({move.target for move in beside_others(images, same)} | {"dog/1.png"}) == 3


def test_nothing_moves_where_one_of_the_moves_cannot_be_made(images, tmp_path):
    before, good = files(images), Move("cat/2.png", "dog/2.png")
    (tmp_path / "outside").mkdir()
    (images / "way").symlink_to(tmp_path / "outside")
    cases = {
        "stands in two of the moves": Move("cat/1.png", "dog/2.png"),
        "there already and stays": Move("cat/1.png", "dog/1.png"),
        "is not in": Move("cat/7.png", "dog/7.png"),
        "has no folder mouse": Move("cat/1.png", "mouse/1.png"),
        "../outside/1.png leads out": Move("cat/1.png", "../outside/1.png"),
        "cat/../dog/5.png leads out": Move("cat/1.png", "cat/../dog/5.png"),
        "way/1.png leads out": Move("cat/1.png", "way/1.png"),
        "/etc/passwd leads out": Move("/etc/passwd", "cat/passwd"),
    }
    for words, bad in cases.items():
        with pytest.raises(LayerloomError, match=words):
            relabel(images, [good, bad])
        assert files(images) == before
    assert not (images / LOG).exists()
    with pytest.raises(LayerloomError, match="published data set stay as they are"):
        relabel(None, [good])
    with pytest.raises(LayerloomError, match="There is no folder"):
        relabel(images / "none", [good])
    with pytest.raises(LayerloomError, match="does not lie in a folder called dog: move it by hand"):
        to_class("cat/1.png", "dog", "cat")


def test_a_move_that_fails_half_way_is_taken_back(images, monkeypatch):
    before, link = files(images), os.link

    def full(source, target, **options):
        if Path(source).name == "2.png":
            raise FileExistsError(17, "File exists")  # it came between
        link(source, target, **options)

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(LayerloomError, match=r"cat/2.png could not be moved: file exists. None is."):
        relabel(images, [Move("cat/sub/3.png", "dog/3.png"), Move("cat/2.png", "dog/2.png")])
    assert files(images) == before
    assert (images / LOG).read_text() == ""


def _refuse(monkeypatch, method, refused):
    """Let a method of paths raise where ``refused`` says so, as in a folder that may not be written into."""
    usual = getattr(Path, method)

    def refusing(path, *arguments, **options):
        if refused(path):
            raise PermissionError(13, "Permission denied")
        return usual(path, *arguments, **options)

    monkeypatch.setattr(Path, method, refusing)


def test_a_file_that_cannot_leave_its_folder_does_not_come_to_stand_in_two(images, monkeypatch):
    before = files(images)
    _refuse(monkeypatch, "unlink", lambda path: path == images / "cat/2.png")
    with pytest.raises(LayerloomError, match=r"cat/2.png could not be moved: permission denied. None is."):
        relabel(images, [Move("cat/1.png", "dog/3.png"), Move("cat/2.png", "dog/2.png")])
    assert files(images) == before


def test_files_that_cannot_come_back_are_named_and_stay_in_the_log(images, monkeypatch):
    _refuse(monkeypatch, "unlink", lambda path: path in (images / "cat/2.png", images / "dog/3.png"))
    with pytest.raises(LayerloomError, match=r"denied. These stay in their new places: dog/3.png.$"):
        relabel(images, [Move("cat/1.png", "dog/3.png"), Move("cat/2.png", "dog/2.png")])
    assert set(files(images)) >= {"dog/3.png", "cat/2.png"}
    assert not {"cat/1.png", "dog/2.png"} & set(files(images))
    assert [json.loads(line)["to"] for line in (images / LOG).read_text().splitlines()] == ["dog/3.png"]


def test_where_a_file_system_has_no_links_files_move_all_the_same(images, monkeypatch):
    def none(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    relabel(images, [Move("cat/2.png", "dog/2.png")])
    assert files(images)["dog/2.png"] == "cat/2.png"
    assert "cat/2.png" not in files(images)

    def comes_between(_, target, **__):
        target.write_text("another")
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", comes_between)
    with pytest.raises(LayerloomError, match="file is there already"):
        relabel(images, [Move("cat/1.png", "dog/3.png")])
    assert (files(images)["cat/1.png"], files(images)["dog/3.png"]) == ("cat/1.png", "another")


def test_a_link_still_leads_to_its_file_from_another_folder_and_back_in_its_own(images, tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store/7.png").write_text("kept elsewhere")
    (images / "cat/7.png").symlink_to("../../store/7.png")
    (images / "cat/sub/8.png").symlink_to("../1.png")
    (images / "cat/9.png").symlink_to(tmp_path / "store/7.png")
    before = files(images)
    names = ("cat/7.png", "cat/sub/8.png", "cat/9.png")
    back = relabel(images, [to_class(name, "cat", "dog") for name in names])
    moved = files(images)
    assert [moved[name] for name in ("dog/7.png", "dog/sub/8.png", "dog/9.png")] == [before[name] for name in names]
    assert (images / "dog/9.png").readlink().is_absolute()
    relabel(images, back)
    assert files(images) == before
    assert (images / "cat/7.png").readlink() == Path("../../store/7.png")


def test_moves_of_an_earlier_session_are_known_until_they_are_taken_back(images):
    assert last_relabelled(images) is None
    first, second = [Move("cat/1.png", "dog/7.png"), Move("cat/2.png", "dog/2.png")], [Move("dog/1.png", "cat/1.png")]
    back = relabel(images, first)
    relabel(images, second)
    assert last_relabelled(images).moves == tuple(second)
    relabel(images, last_relabelled(images).back)
    assert last_relabelled(images).back == back
    relabel(images, last_relabelled(images).back)
    assert last_relabelled(images) is None
    (images / LOG).write_text('{"time": "2026-01-02T03:04:05+00:00", "from": 3}\n')
    with pytest.raises(LayerloomError, match="is damaged: what it says was moved cannot be moved back here"):
        last_relabelled(images)


def test_moving_that_is_called_off_half_way_leaves_all_files_where_they_were(images):
    before = files(images)
    moves = [Move("cat/1.png", "dog/7.png"), Move("cat/2.png", "dog/2.png")]
    with pytest.raises(LayerloomError, match=r"^Moving was called off. No file is moved.$"):
        relabel(images, moves, progress=lambda progress: progress.done < 1)
    assert files(images) == before
    assert last_relabelled(images) is None


def test_while_files_are_moved_nobody_else_moves_any_and_both_stay_in_the_log(images):
    refused = []

    def meanwhile(progress):
        with pytest.raises(LayerloomError, match=r"are being moved elsewhere: try again .* None is moved.$") as error:
            relabel(images, [Move("cat/2.png", "dog/2.png")])
        refused.append(error)
        return True

    relabel(images, [Move("cat/1.png", "dog/7.png")], progress=meanwhile)
    assert len(refused) == 1
    relabel(images, [Move("cat/2.png", "dog/2.png")])
    assert last_relabelled(images).moves == (Move("cat/2.png", "dog/2.png"),)
    relabel(images, last_relabelled(images).back)
    assert last_relabelled(images).moves == (Move("cat/1.png", "dog/7.png"),)
    assert {path.name for path in images.iterdir() if path.is_file()} == {LOG}


def test_classes_with_other_names_than_their_folders_are_moved_between_these(tmp_path):
    synsets = {"n01440764": "tench", "n01443537": "goldfish"}
    for folder in synsets:
        for number in range(3):
            file = tmp_path / "train" / folder / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.new("L", (8, 8), 30 * number + len(folder)).save(file)
    names = "".join(f"{folder} {name}, a fish\n" for folder, name in synsets.items())
    (tmp_path / "LOC_synset_mapping.txt").write_text(names)
    data = load(DataSettings(source=ImageNet(path=str(tmp_path))), Shape(1, 8, 8))
    assert data.folders == {name: folder for folder, name in synsets.items()}
    given, likely = (data.folders[name] for name in ("tench", "goldfish"))
    assert to_class("train/n01440764/1.png", given, likely) == ("train/n01440764/1.png", "train/n01443537/1.png")
