"""Classes that came, went or were renamed since a run learned them."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from small_training import settings, small_network

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.evaluation.evaluating import evaluate
from engine.evaluation.predicting import predict
from engine.project import Project
from engine.runs.run_data import load_run_data, what_changed
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.control import Control
from engine.training.events import EpochDone, Started

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder

CLASSES = {"cats": 20, "dogs": 20}


@pytest.fixture
def images(tmp_path):
    return make_folder(tmp_path / "pets", CLASSES)


def made(folder, **values):
    split = SplitSettings(validation=0.2, test=0.2, seed=3)
    data = DataSettings(source=Folder(path=str(folder)), split=split)
    return Project(small_network(classes=2), data, settings(**{"batch_size": 8, **values}))


@pytest.fixture
def run(images, tmp_path):
    list(run_project(made(images), tmp_path / "run"))
    return RunFolder(tmp_path / "run")


def stopped(images, path, step_epoch=2):
    """A run that was stopped after its first epoch."""
    control = Control()
    for event in run_project(made(images, epochs=4), path, control=control):
        if isinstance(event, EpochDone):
            control.stop()
    return RunFolder(path)


def told(run):
    return what_changed(load_run_data(run), run)


def test_a_class_that_is_new_is_left_out_and_named(run, images):
    before = evaluate(run)
    make_folder(images, {"birds": 3, "owls": 4}, seed=5)  # birds stand before those that the run learned
    after = evaluate(RunFolder(run.path))
    assert after.classes == ("cats", "dogs")
    assert after.confusion.tolist() == before.confusion.tolist()
    assert after.loss == pytest.approx(before.loss)
    assert told(run) == (
        "7 images were added since the run and left out.",
        "New since the run: birds and owls. The network does not know them.",
    )


@pytest.mark.parametrize("name", ["cats", "dogs"])
def test_a_class_that_is_missing_is_named_and_has_no_figures(run, images, name):
    before, gone = evaluate(run), len(load_run_data(run).names) // 2
    shutil.rmtree(images / name)
    after = evaluate(RunFolder(run.path))
    place = ("cats", "dogs").index(name)
    assert after.per_class[place].recall is after.per_class[place].f1 is None
    assert after.images == before.images - before.per_class[place].images
    other = 1 - place
    assert after.confusion[other].tolist() == before.confusion[other].tolist()
    assert after.confusion[place].sum() == 0
    assert told(run) == (
        f"No image of {name} is there any more, which the run learned.",
        f"{gone} images of the run are not there any more.",
    )


def test_a_class_that_is_renamed_is_new_and_the_old_one_missing(run, images):
    (images / "cats").rename(images / "wolves")
    assert told(run) == (
        "20 images were added since the run and left out.",
        "New since the run: wolves. The network does not know it.",
        "No image of cats is there any more, which the run learned.",
        "20 images of the run are not there any more.",
    )


def test_other_classes_are_refused_by_name(run, images):
    for name in CLASSES:
        (images / name).rename(images / f"wild {name}")
    with pytest.raises(LayerloomError) as error:
        load_run_data(run)
    assert str(error.value) == (
        "pets has changed since the run, which learned cats and dogs: now there are wild cats and wild dogs."
    )


def test_a_run_of_classes_that_would_be_refused_now_is_evaluated_still(run, images):
    before = evaluate(run).to_json()
    for old, new in (("cats", "raw"), ("dogs", "processed")):
        (images / old).rename(images / new)
        for file in (run.record_file, run.parts_file, run.fingerprints_file):
            file.write_text(file.read_text("utf-8").replace(f'"{old}', f'"{new}'), "utf-8")
    with pytest.raises(LayerloomError, match="can be read in two ways"):
        made(images).data.source.describe()
    again = RunFolder(run.path)
    assert told(again) == ()
    assert evaluate(again).to_json()["confusion"] == before["confusion"]


def test_one_class_alone_is_too_few_to_learn_from(images):
    shutil.rmtree(images / "dogs")
    for ask in (made(images).data.source.describe, lambda: list(run_project(made(images), images.parent / "new"))):
        with pytest.raises(LayerloomError, match=r"has one class only, 'cats', training needs two"):
            ask()


def test_a_run_goes_on_without_a_class_that_is_gone_and_beside_a_new_one(images, tmp_path):
    run = stopped(images, tmp_path / "run")
    shutil.rmtree(images / "cats")
    make_folder(images, {"owls": 4}, seed=5)
    events = list(run_project(run.project(), run.path, resume=True))
    (started,) = (event for event in events if isinstance(event, Started))
    assert started.train_images == 12
    assert "New since the run: owls. The network does not know it." in started.notes
    assert "No image of cats is there any more, which the run learned." in started.notes
    assert RunFolder(run.path).record.classes == ("cats", "dogs")


@pytest.mark.parametrize("classes", [[], ["cats"], ["cats", "dogs", "owls"]])
def test_a_record_with_another_number_of_classes_is_damaged_wherever_it_is_used(run, images, classes):
    record = json.loads(run.record_file.read_text("utf-8"))
    run.record_file.write_text(json.dumps({**record, "classes": classes}), "utf-8")
    damaged = RunFolder(run.path)
    for ask in (
        lambda: evaluate(damaged),
        lambda: predict(damaged, [images / "cats" / "000.png"]),
        lambda: damaged.normalisation,
    ):
        with pytest.raises(LayerloomError, match=r"run.json is damaged: it names \d class"):
            ask()
