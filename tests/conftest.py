"""What every test shares: an off-screen window system and settings that stay out of the home folder."""

import gc
import logging
import os
import sys
from collections import Counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import left_behind
import pytest
from held_calls import hold
from hypothesis import settings

__all__ = ["hold"]

MOST_LEFT_OVER = 100  # widgets without a parent; a collection for every test would take longer than they do

left_behind.note_beginnings()

settings.register_profile("layerloom", deadline=None, print_blob=True)
settings.load_profile("layerloom")


def pytest_addoption(parser):
    """The options of ``soak/``, which pytest would find there too late."""
    parser.addoption("--soak-scale", type=float, default=1.0, help="how many times the usual rounds a soak test makes")
    parser.addoption("--soak-seed", type=int, default=0, help="what the chances of a soak test follow from")


_USER_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory):
    """Each process that runs tests, of several at a time, has a home folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        for variable in _USER_FOLDERS:
            patch.delenv(variable, raising=False)
        yield


@pytest.fixture(autouse=True)
def _own_user_folders(tmp_path, monkeypatch):
    """Recent files, preferences, runs and the log of a test live in its own folder."""
    for variable in _USER_FOLDERS:
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    yield
    log = logging.getLogger("layerloom")
    for handler in [*log.handlers]:
        log.removeHandler(handler)
        handler.close()
    log.propagate = True  # to what pytest catches


@pytest.fixture(autouse=True)
def _collect_in_this_thread(request):
    """From the first window on collect cyclic garbage between tests: a worker thread that does it deletes widgets.

    Qt then crashes, in this test or in one that has nothing to do with it.
    """
    if "qapp" in request.fixturenames:
        gc.disable()
    yield
    if "gui.background" in sys.modules:
        sys.modules["gui.background"].let_go()
    if not gc.isenabled():
        due = [generation for generation, count in enumerate(gc.get_count()) if count > gc.get_threshold()[generation]]
        gc.collect(max(due, default=0))


@pytest.fixture(autouse=True)
def _nothing_left_behind():
    """Fail a test that leaves a thread, a child process or a timer running."""
    before = left_behind.running()
    yield
    left = left_behind.since(before)
    assert not left, "left behind: " + "\n".join(left)


@pytest.fixture(autouse=True)
def _delete_closed_widgets(_nothing_left_behind):
    """Really delete what a test closed: no event loop comes round to it, and every theme change would restyle it."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    if len(widgets.QApplication.topLevelWidgets()) > MOST_LEFT_OVER:
        gc.unfreeze()  # windows that were closed before the program left all that is loaded out of collections
        gc.collect()
        left = Counter(type(widget).__name__ for widget in widgets.QApplication.topLevelWidgets())
        assert left.total() <= MOST_LEFT_OVER, f"widgets that outlive their windows: {left}"


def pytest_sessionfinish():
    """Let what still runs behind a closed window end: the interpreter must not go down around it."""
    background = sys.modules.get("gui.background")
    if background is not None:
        background.wait_for_jobs()
