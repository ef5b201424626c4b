"""What every test shares: an off-screen window system and settings that stay out of the home folder."""

import gc
import logging
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import settings

MOST_LEFT_OVER = 100  # widgets without a parent; a collection for every test would take longer than they do

settings.register_profile("layerloom", deadline=None, print_blob=True)
settings.load_profile("layerloom")


@pytest.fixture(autouse=True)
def _own_user_folders(tmp_path, monkeypatch):
    """Recent files, preferences, runs and the log of a test live in its own folder."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    yield
    log = logging.getLogger("layerloom")
    for handler in [*log.handlers]:
        log.removeHandler(handler)
        handler.close()
    log.propagate = True  # to what pytest catches


@pytest.fixture(autouse=True)
def _collect_between_tests(request):
    """Leave cyclic garbage alone while a window is open: a worker thread that collects it would delete widgets."""
    if "qapp" in request.fixturenames:
        gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _delete_closed_widgets():
    """Really delete what a test closed: no event loop comes round to it, and every theme change would restyle it."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    if len(widgets.QApplication.topLevelWidgets()) > MOST_LEFT_OVER:
        gc.unfreeze()  # the program keeps out of collections what is there when torch has loaded: the window too
        gc.collect()


def pytest_sessionfinish():
    """Let what still runs behind a closed window end: the interpreter must not go down around it."""
    background = sys.modules.get("gui.background")
    if background is not None:
        background.wait_for_jobs()
