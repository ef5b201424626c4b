"""Whatever stands in the files of a run, of settings and of work kept aside, is read or refused in a sentence."""

import json
import os
import shutil

import numpy as np
import pytest
from damage import damaged, damaged_bytes
from PIL import Image
from PySide6.QtCore import QByteArray
from sentences import require_sentence
from small_training import settings, small_network

from cli import app
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.files import is_folder, readable
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from gui.background import Job
from gui.preferences import Preferences
from gui.start.origin import Origin
from gui.start.unsaved import keep_aside, place_of, rescued, unsaved_work
from gui.train.runs.places import load_runs

FILES = 120
_COMMANDS = 0.15  # share of damaged runs that commands are tried on


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The place of one run on a folder of images, and one of the images."""
    place = tmp_path_factory.mktemp("trained")
    for label in range(2):
        (place / "images" / f"class{label}").mkdir(parents=True)
        for number in range(6):
            pixels = np.random.default_rng([label, number]).integers(0, 256, (8, 8), np.uint8)
            Image.fromarray(pixels).save(place / "images" / f"class{label}" / f"{number}.png")
    data = DataSettings(source=Folder(path=str(place / "images")))
    project = Project(small_network(classes=2), data, settings(epochs=2, batch_size=4))
    list(run_project(project, place / "runs" / "run-1"))
    (place / "runs" / "run-1" / "name.json").write_text(json.dumps({"name": "first"}))
    return place


def damage_one(chances, run) -> str:
    """Damage one file of a run; its name."""
    file = chances.choice([file for file in sorted(run.rglob("*")) if file.is_file() and file.name != ".lock"])
    whole = file.read_bytes()
    if file.suffix in (".json", ".loom"):
        file.write_bytes(damaged(chances, json.loads(whole)))
    elif file.suffix == ".jsonl" and chances.random() < 0.7:
        lines = whole.splitlines()
        place = chances.randrange(len(lines))
        lines[place] = damaged(chances, json.loads(lines[place]))
        file.write_bytes(b"\n".join(lines) + b"\n")
    else:
        file.write_bytes(damaged_bytes(chances, whole))
    return file.name


def read_all(run) -> None:
    """Read everything that a run's folder tells."""
    folder = RunFolder(run)
    for read in (
        *(lambda: folder.record, lambda: folder.parts, lambda: folder.fingerprints, folder.project),
        *(lambda: folder.input_shape, lambda: folder.normalisation, folder.end, folder.epochs, folder.is_untrained),
        *(folder.load_model, lambda: folder.weights("last"), lambda: folder.weights(1)),
    ):
        try:
            read()
        except LayerloomError as error:
            require_sentence(error)


def run_commands(chances, run, image, capsys) -> None:
    """Evaluate, resume, predict, look: each ends with an exit code of its own and a sentence."""
    for arguments in (
        ("evaluate", run, "--json"),
        ("predict", run, image, "--json"),
        ("look", run, "--view", "saliency", "--image", image, "-o", run / "look.png"),
        ("train", run, "--resume", "--epochs", "3", "--json"),
    ):
        if chances.random() < 0.5:
            code = app.run_command([str(argument) for argument in arguments])
            said = capsys.readouterr().err
            assert code in (0, 1, 2), arguments
            assert "inside Layerloom" not in said, said
            assert "Traceback" not in said, said


@pytest.mark.timeout(0)
def test_damaged_runs_are_read_or_refused_in_a_sentence(soak, trained, tmp_path, capsys):
    chances = soak.random()
    place, image = tmp_path / "runs", trained / "images" / "class0" / "0.png"
    count = soak.rounds(FILES)
    for _ in range(count):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(trained / "runs", place)
        name = damage_one(chances, place / "run-1")
        content = {file.name: file.read_bytes()[:3000] for file in (place / "run-1").rglob(name)}
        try:
            read_all(place / "run-1")
            found = load_runs(place, Job(lambda _: None))
            assert len(found.runs) == 1 or found.refusal
            for run in found.runs:
                run.title.encode()
                assert run.total_epochs >= 1
                assert run.best_of(run.watched) is None or run.score is not None
            if chances.random() < _COMMANDS:
                run_commands(chances, place / "run-1", image, capsys)
        except Exception as error:
            raise AssertionError(f"{error!r} for {content}") from error
    soak.tell(count, "damaged files of runs")


@pytest.mark.timeout(0)
def test_damaged_work_that_was_kept_aside_is_offered_or_named(soak, tmp_path):
    chances, count = soak.random(), soak.rounds(FILES)
    project = Project(small_network())
    for number in range(count):
        folder = place_of(f"document-{number}")
        keep_aside(folder, project, Origin(path=str(tmp_path / "net.loom"), key=folder.name))
        file = chances.choice(sorted(folder.glob("*.*")))
        file.write_bytes(damaged(chances, json.loads(file.read_bytes())))
        (work,) = rescued()
        assert work in unsaved_work() or work.project is None
        assert (work.project is None) == bool(work.problem)
        readable(work.title)
        os.fsencode(str(work.path))
        assert file.exists()
        work.forget()
    soak.tell(count, "damaged copies of unsaved work")


@pytest.mark.timeout(0)
def test_damaged_settings_are_passed_over(soak, tmp_path, qapp):
    chances, file = soak.random(), tmp_path / "layerloom.ini"
    kept = Preferences(file)
    state = QByteArray(bytes(range(256)))
    kept.keep_state("docks/draw", state)
    kept.keep_strings("recent", ["/a.loom", "/é.loom"])
    kept.keep_values("sizes/draw", {"left": 300, "right": 280})
    kept.theme, kept.wheel_zooms, kept.scale, kept.folder = kept.theme, True, 1.25, tmp_path
    del kept
    Preferences(file).strings("recent")
    whole, count = file.read_bytes(), soak.rounds(FILES)
    for number in range(count):
        other = tmp_path / f"{number}.ini"
        other.write_bytes(damaged_bytes(chances, whole))
        read = Preferences(other)
        assert read.state("docks/draw") in (QByteArray(), state)
        assert 1 <= read.scale <= 1.5
        assert is_folder(read.folder)
        assert all(0 <= value < 1_000_000 for value in read.values("sizes/draw").values())
        assert isinstance(read.theme.value, str)
        assert all(isinstance(text, str) for text in read.strings("recent"))
        other.unlink()
    soak.tell(count, "damaged files of settings")
