"""What opens for a while leaves no widget behind, however often, and a window takes all of its own with it."""

import gc
from collections import Counter

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from stale_items import stale_items

from engine.recipe.recipe import Recipe
from gui.background import let_go, wait_for_jobs
from gui.compare.window import CompareWindow
from gui.registry.workspaces import WORKSPACES
from gui.shell.leaving import ask_to_leave
from gui.shell.main_window import MainWindow
from gui.shell.shortcuts_window import ShortcutsWindow
from gui.start.template_options import TemplateOptions
from gui.style.style import apply_style
from gui.train.estimate.panel import EstimatePanel

OFTEN = 20
DOCUMENTS = 5
COUNTED = ("gui.", "PySide6.QtCore.", "PySide6.QtWidgets.", "torch.")
KEPT = "gui.start."  # figures and pictures of templates, which the start screen draws one after the other


def there():
    """All widgets by their classes, when everything has gone that is about to."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.unfreeze()  # the program keeps out of collections what is there when torch has loaded
    gc.collect()
    return Counter(type(widget).__name__ for widget in QApplication.allWidgets())


def reject(ask):
    """Leave a dialog that waits for an answer."""
    answers = QTimer(interval=1)
    answers.timeout.connect(lambda: QApplication.activeModalWidget() and QApplication.activeModalWidget().reject())
    answers.start()
    ask()
    answers.stop()


def close_shown(kind):
    (shown,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]
    shown.close()


def leave(window):
    reject(lambda: ask_to_leave(window, unsaved="Mine", training="run 1"))


def about(window):
    reject(window.actions_["about"].trigger)


def find_command(window):
    window.find_command()
    QApplication.activePopupWidget().close()


def shortcuts(window):
    window.actions_["shortcuts"].trigger()
    close_shown(ShortcutsWindow)


def compare(window):
    window.actions_["compare"].trigger()
    close_shown(CompareWindow)


def template_options(window):
    next(card for card in window.start.cards if card.template.options).show_options()
    close_shown(TemplateOptions)


def menus(window):
    for menu in window.actions_.menus.values():
        menu.popup(window.mapToGlobal(window.rect().center()))
        menu.close()


def context_menus(window):
    canvas = window.workspaces().canvas
    for name in ("conv1", ""):
        canvas.show_menu(name, canvas.mapToGlobal(canvas.rect().center()))
        QApplication.activePopupWidget().close()


def popups(window):
    canvas = window.workspaces().canvas
    for opened in (canvas.quick_add, canvas.find_layer, canvas.choose_target, canvas.repeat, canvas.rename):
        window.document.select(["conv1"])
        opened()
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)


def workspaces(window):
    for name in (*WORKSPACES, "draw"):
        window.session.show_workspace(name)
        QApplication.processEvents()


OPENED = (
    *(leave, about, find_command, shortcuts, compare, template_options),
    *(menus, context_menus, popups, workspaces),
)


@pytest.mark.parametrize("open_and_close", OPENED, ids=lambda opened: opened.__name__)
def test_what_opens_for_a_while_leaves_nothing(open_and_close, window, person):
    person.open_template("lenet5")
    window.activateWindow()
    person.until(window.isActiveWindow)
    open_and_close(window)  # what is made the first time stays
    estimate = window.findChild(EstimatePanel)
    person.until(lambda: estimate is None or not estimate.estimating.busy)
    open_and_close(window)  # what was found meanwhile is shown
    before = there()
    for _ in range(OFTEN):
        open_and_close(window)
        QApplication.processEvents()
    assert there() - before == Counter()


def kept():
    """Jobs, documents, views, what Qt and PyTorch hold, by their classes, when all has gone that is about to."""
    wait_for_jobs()
    there()
    let_go()
    kinds = (type(one) for one in gc.get_objects())
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in kinds)
    return Counter(name for name in names if name.startswith(COUNTED) and not name.startswith(KEPT))


def test_documents_leave_nothing_when_they_are_closed(window, person):
    def open_and_close():
        window.files.open_template("mlp")
        person.until(lambda: window.has_document)
        workspaces(window)
        window.files.close()
        person.until(lambda: not window.has_document)

    for _ in range(2):
        open_and_close()  # what is made the first time stays
    before = kept()
    for _ in range(DOCUMENTS):
        open_and_close()
    assert {kind: more for kind, more in (kept() - before).items() if more >= DOCUMENTS} == {}
    assert stale_items() == []


def test_a_window_takes_all_of_its_own_with_it(qapp, qtbot):
    apply_style(qapp)
    before = there()
    open_and_close_window(qtbot)
    assert there() - before == Counter()


def open_and_close_window(qtbot):
    window = MainWindow()
    window.show()
    window.open_target("lenet5")
    qtbot.waitUntil(lambda: window.has_document, timeout=60_000)
    compare(window)
    window.session.show_workspace("train")
    window.document.change_settings("Epochs", Recipe(epochs=3))  # a history, which goes with the window
    window.close_at_once()
    window.deleteLater()
