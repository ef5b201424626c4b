"""What waits for a job before a project is open, or while one is opened or kept."""

from look_parts import PATIENCE
from PySide6.QtWidgets import QWidget
from waits_for_jobs import Waiting, waiting

from engine.project import Project, save_project
from engine.recipe.recipe import Device
from gui.preferences import Preferences
from gui.shell.files import Files
from gui.shell.recovery import Recovery
from gui.start.gallery import Gallery
from gui.start.gallery_panel import GalleryPanel
from gui.start.recent import RecentFiles
from gui.start.recent_list import RecentList
from gui.start.warm_up import WarmUp
from templates import build


@waiting("gui/start/gallery.py", "templates.TEMPLATES", told="Drawing the templates ended unexpectedly: TypeError. ")
def table_of_templates(get):
    gallery = Gallery()
    get("request").addfinalizer(gallery.stop)
    panel = get("show")(GalleryPanel(gallery))
    get("qtbot").waitUntil(lambda: not gallery.busy, timeout=PATIENCE)
    gallery.templates = {}
    return Waiting(gallery.load, lambda: gallery.busy, panel._nothing.text, lambda: bool(gallery.templates))


@waiting("gui/start/gallery.py", "engine.network.analyse")
def figures_of_a_template(get):
    gallery, told = Gallery(), []
    get("request").addfinalizer(gallery.stop)
    gallery.failed.connect(lambda name, choice, why: told.append(why))
    gallery.load()
    get("qtbot").waitUntil(lambda: bool(gallery.templates), timeout=PATIENCE)
    return Waiting(
        lambda: gallery.figures("lenet5"),
        lambda: gallery.busy,
        lambda: "".join(told),
        lambda: gallery.known("lenet5") is not None,
    )


@waiting("gui/start/recent_list.py", "engine.project.load_project", told="Cannot be read")
def recent_files(get):
    file = get("tmp_path") / "mine.loom"
    save_project(Project(build("lenet5")), file)
    recent = RecentFiles(Preferences(get("tmp_path") / "preferences.ini"))
    recent.add(file)
    files = get("show")(RecentList(recent))
    get("request").addfinalizer(files.stop)

    def said():
        return files.rows[0]._state.text()

    get("qtbot").waitUntil(lambda: "layers" in said(), timeout=PATIENCE)
    return Waiting(files.refresh, lambda: files._reading.running, said, lambda: "layers" in said())


@waiting("gui/start/warm_up.py", "engine.machine.devices.available_devices")
def warm_up(get):
    warm_up = WarmUp("gui.shell.workspace_view")
    get("request").addfinalizer(warm_up.stop)
    return Waiting(
        warm_up.start,
        lambda: not warm_up.settled,
        lambda: warm_up.words(Device.AUTO)[2],
        lambda: bool(warm_up.devices) and not warm_up._loading.running,
    )


@waiting("gui/shell/files.py", "engine.project.load_project")
def files(get):
    document, file = get("document"), get("tmp_path") / "mine.loom"
    save_project(Project(build("lenet5")), file)
    files = Files(document, Preferences(get("tmp_path") / "preferences.ini"), get("show")(QWidget()))
    told, opening = [], [""]
    files.failed.connect(told.append)
    files.busy.connect(opening.append)
    return Waiting(
        lambda: files.open_file(file), lambda: bool(opening[-1]), lambda: "".join(told), lambda: document.path == file
    )


@waiting("gui/shell/recovery.py", "gui.shell.recovery.keep_aside", told="")
def unsaved_work(get):
    document = get("document")
    document.edit("Rename", lambda network: network.rename("fc", "last"))
    recovery = Recovery(document, get("show")(QWidget()))
    get("request").addfinalizer(recovery.end)
    return Waiting(
        recovery.keep,
        lambda: recovery._keeping.running,
        str,
        lambda: (recovery._folder / "project.loom").exists() and not recovery._keeping.running,
    )
