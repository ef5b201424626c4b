"""Whatever waits for a job is freed when the job dies, says why, and works the next time."""

import re
from pathlib import Path

import numpy as np
import pytest
import waits_before_a_project  # noqa: F401 - its cases are tried here
import waits_in_look  # noqa: F401 - and these
import waits_in_train  # noqa: F401 - and these
from a_person import OFFSCREEN
from data_parts import data, sheet
from look_parts import PATIENCE, document, evaluate, inside, runs, trained
from PIL import Image
from PySide6.QtWidgets import QWidget
from waits_for_jobs import CASES, Waiting, waiting

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.layers import LAYERS
from engine.log import log_file
from engine.project import Project
from gui.compare.window import CompareWindow
from gui.data.marked import Marked
from gui.data.received.view import Received
from gui.data.sheet.large_view import LargeView
from gui.data.statistics_panel import StatisticsPanel
from gui.document import Document
from gui.evaluate.answer_bar import AnswerBar
from gui.look.weights import WeightsPanel
from gui.preferences import Preferences
from gui.readiness import readiness_of
from gui.start.gallery import Gallery
from gui.train.progress.panel import ProgressPanel
from gui.train.runs_panel import RunsPanel
from templates import build

__all__ = ["data", "document", "evaluate", "inside", "runs", "sheet", "trained"]

pytestmark = pytest.mark.qt_log_ignore(*OFFSCREEN)

ROOT = Path(__file__).parents[2]
ELSEWHERE = {
    "gui/background.py",  # tests/gui/test_background.py
    "gui/data/chooser.py",  # where the data sets are; nothing waits for it
    "gui/look/part_images.py",  # a point without its image; nothing waits for it
}


@pytest.fixture
def show(qtbot):
    """Show a widget, and close it at the end."""
    shown = []  # Python drops a window that nothing holds

    def show(widget):
        shown.append(widget)
        qtbot.addWidget(widget)
        with qtbot.waitExposed(widget, timeout=PATIENCE):
            widget.show()
        return widget

    return show


@waiting("gui/readiness.py", "engine.data.user_folder.Folder.describe")
def readiness(get):
    document = Document(Project(build("lenet5"), DataSettings(source=Folder(path=str(get("folder"))))))
    readiness = readiness_of(document)
    get("request").addfinalizer(readiness.close)
    readiness.close()
    return Waiting(
        readiness._read,
        lambda: readiness._describing.running,
        lambda: readiness.obstacle.text if readiness.obstacle else "",
        lambda: readiness.obstacle.text == "Output gives 10 classes, the folder has 2.",
    )


@waiting("gui/data/data_set.py", "engine.data.published.Digits.listed")
def data_set(get):
    data = get("data")
    data.set_active(True)
    return Waiting(data.read_again, lambda: data.busy, lambda: data.said.text, lambda: data.listing is not None)


@waiting("gui/data/looking.py", "gui.data.reading.look_again")
def looking_again(get):
    data = get("data")
    data.set_active(True)
    get("qtbot").waitUntil(lambda: data.listing is not None and not data.busy, timeout=PATIENCE)
    return Waiting(
        data.looking.look, lambda: data.looking.running, lambda: data.said.text, lambda: data.said.text == ""
    )


@waiting("gui/widgets/tile_pictures.py", "engine.data.listing.ArrayPictures.read")
def tiles_of_the_sheet(get):
    sheet, data = get("sheet"), get("data")
    data.set_active(True)

    def has():
        return data.listing is not None and sheet.pictures.picture(int(data.places()[0])) is not None

    return Waiting(data.read_again, lambda: data.busy or sheet.pictures.busy, lambda: data.said.text, has)


@waiting("gui/data/sheet/large_view.py", "engine.data.listing.ArrayPictures.size")
def large_view(get):
    data = get("data")
    window = get("show")(QWidget())
    data.set_active(True)
    get("qtbot").waitUntil(lambda: data.listing is not None, timeout=PATIENCE)
    view = LargeView(data, window)
    get("request").addfinalizer(view.close_jobs)
    return Waiting(
        lambda: view.show_image(0), lambda: view._job.running, view.facts.text, lambda: "px" in view.facts.text()
    )


@waiting("gui/data/statistics_panel.py", "engine.data.listing.ArrayPictures.read")
def statistics(get):
    data = get("data")
    panel = get("show")(StatisticsPanel(data))
    get("request").addfinalizer(panel.close_jobs)
    data.set_active(True)
    return Waiting(
        data.read_again, lambda: panel._measuring.running, panel.said.text, lambda: bool(panel.channels.lines)
    )


@waiting("gui/data/received/preview.py", "gui.data.received.making.Maker.make")
def what_the_network_receives(get):
    marked = Marked()
    marked.show([0, 1])
    preview = get("show")(Received(get("document"), marked)).preview
    get("request").addfinalizer(preview.close)

    return Waiting(
        preview.read_again, lambda: preview.busy, lambda: preview.trouble, lambda: preview.receipt is not None
    )


@waiting("gui/evaluate/evaluator.py", "engine.evaluation.evaluating.evaluate")
def evaluation(get):
    workspace, _ = get("evaluate"), get("trained")
    evaluator, panel = workspace.evaluator, workspace.matrix
    return Waiting(
        evaluator.start,
        panel.progress.isVisible,
        panel.message.text,
        lambda: evaluator.result is not None,
    )


@waiting("gui/evaluate/answer.py", "engine.evaluation.slices.slices_of")
def slices_of_an_evaluation(get):
    workspace, _ = get("evaluate"), get("trained")
    evaluator, page = workspace.evaluator, workspace.matrix.slices
    evaluator.start()
    get("qtbot").waitUntil(lambda: evaluator.result is not None, timeout=PATIENCE)
    bar = page.findChild(AnswerBar)
    return Waiting(page.refresh, lambda: page.slices.busy, bar.trouble.text, lambda: page.slices.value is not None)


@waiting("gui/look/sample_reader.py", "engine.data.loading.load")
def images_to_look_at(get):
    panel = get("inside").image

    def begin():
        get("inside").set_active(True)
        panel.look.reset.emit()

    return Waiting(begin, lambda: panel.busy, panel.note.text, lambda: panel.samples is not None)


@waiting("gui/look/image.py", "engine.data.images.read_image")
def an_image_to_look_at(get):
    panel = get("inside").image
    get("inside").set_active(True)
    get("qtbot").waitUntil(lambda: panel.samples is not None, timeout=PATIENCE)
    file = get("folder") / "cats" / "one.png"
    said = panel.note.text
    return Waiting(lambda: panel.open_file(file), lambda: panel.busy, said, lambda: said().startswith("one.png, "))


@waiting("gui/look/weights.py", "gui.look.weights.read_weights")
def weights(get):
    document, _ = get("document"), get("trained")
    panel = get("show")(WeightsPanel(document, get("runs")))

    def begin():
        document.select([])
        document.select(["conv1"])

    return Waiting(begin, lambda: panel._reading.running, panel.line.text, panel.area.isVisible)


@waiting("gui/train/runs/runs.py", "gui.train.runs.places.load_runs")
def list_of_runs(get):
    runs, run = get("runs"), get("trained")
    panel = get("show")(RunsPanel(runs))
    return Waiting(
        runs.reload, lambda: runs.loading, panel.message.text.text, lambda: runs.all and runs.all[0] is not run
    )


@waiting("gui/train/runs/home.py", "shutil.move")
def move_of_runs(get):
    runs, place = get("runs"), get("tmp_path") / "mine.loom"
    get("trained")
    panel = get("show")(RunsPanel(runs))
    return Waiting(
        lambda: get("document").mark_saved(place),
        lambda: runs.loading,
        panel.message.text.text,
        lambda: runs.all[0].folder.parent.name == "mine-runs" and runs.all[0].folder.is_dir(),
    )


@waiting("gui/train/runs/runs.py", "engine.runs.session.run_project", told="Training ended unexpectedly: Runtime")
def training(get):
    runs = get("runs")
    return Waiting(
        runs.start,
        lambda: runs.active is not None,
        lambda: runs.current.failure.message if runs.current and runs.current.failure else "",
        lambda: runs.current.status == "finished",
    )


@waiting("gui/train/runs/sample.py", "engine.data.source.Source.first_image")
def image_under_watch(get):
    runs, run = get("runs"), get("trained")
    panel, show = ProgressPanel(runs), get("show")

    def begin():
        show(panel)
        with get("qtbot").waitSignal(runs.finished, timeout=PATIENCE):
            runs.continue_run(run, epochs=len(run.epochs) + 1)
        panel.refresh()

    def has():
        panel.refresh()
        return run.sight is not None

    return Waiting(begin, lambda: runs.sample._reading.running, panel.notes.text, has)


@waiting("gui/compare/window.py", "gui.compare.window.compare")
def comparison(get):
    gallery, behind = Gallery(), get("show")(QWidget())
    get("request").addfinalizer(gallery.stop)
    preferences = Preferences(get("tmp_path") / "preferences.ini")
    window = get("show")(CompareWindow(get("document"), gallery, preferences, behind))
    window.open()
    get("qtbot").waitUntil(lambda: window.comparison is not None, timeout=PATIENCE)
    window.comparison = None
    return Waiting(
        window._start,
        lambda: window._comparing.running,
        window.messages.text.text,
        lambda: window.comparison is not None,
    )


@waiting("gui/train/runs/moved_data.py", "engine.runs.run_data.load_run_data")
def images_that_moved(get):
    document, runs, folder = get("document"), get("runs"), get("folder")
    document.edit("Classes", lambda network: network.set_layer("fc", LAYERS["Linear"](out_features=2)))
    document.change_settings("Data", DataSettings(source=Folder(path=str(folder))))
    get("qtbot").waitUntil(lambda: runs.obstacle is None, timeout=PATIENCE)
    with get("qtbot").waitSignal(runs.finished, timeout=PATIENCE):
        runs.start()
    told, found = [], []
    runs.moved_data.failed.connect(told.append)
    runs.moved_data.found.connect(lambda *moved: found.append(moved))
    return Waiting(
        lambda: runs.moved_data.look(runs.current, folder),
        lambda: runs.moved_data.busy,
        lambda: "".join(told),
        lambda: bool(found),
    )


@pytest.fixture
def folder(tmp_path):
    """Images of two classes."""
    for name in ("cats", "dogs"):
        (tmp_path / "images" / name).mkdir(parents=True)
        Image.fromarray(np.full((12, 12), 99, np.uint8)).save(tmp_path / "images" / name / "one.png")
    return tmp_path / "images"


def boom(*_, **__):
    raise RuntimeError("boom")


@pytest.mark.parametrize("case", [pytest.param(case, id=case.make.__name__) for case in CASES])
def test_what_waits_for_a_job_that_dies_is_freed_and_told_and_works_again(case, qapp, qtbot, request, monkeypatch):
    waiting = case.make(request.getfixturevalue)
    with monkeypatch.context() as patch:
        patch.setattr(case.fault, boom)
        waiting.begin()
        qtbot.waitUntil(lambda: case.told in waiting.says() and not waiting.waits(), timeout=PATIENCE)
        assert not waiting.has()
        qtbot.waitUntil(log_file().exists, timeout=PATIENCE)
        assert "Traceback" in log_file().read_text(encoding="utf-8")
    waiting.begin()
    qtbot.waitUntil(waiting.has, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not waiting.waits(), timeout=PATIENCE)


def test_every_module_that_waits_is_tried():
    starts = re.compile(r"\b(LatestJob|Job|Runner)\(")
    modules = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "gui").rglob("*.py")
        if starts.search(path.read_text(encoding="utf-8"))
    }
    assert modules - ELSEWHERE <= {case.module for case in CASES}
