"""A person who does anything at any time: random events on the real window, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QMenu, QTabBar, QWidget

from gui.registry.panels import PANELS
from gui.registry.workspaces import WORKSPACES
from gui.shell.main_window import MainWindow
from gui.style.appearance import ThemeChoice, appearance

TEMPLATES = ("lenet5", "mlp", "resnet", "googlenet")
KEYS = ("Tab", "Shift+Tab", "Esc", "Return", "Up", "Down", "Left", "Right", "3", "Space", "F6", "Ctrl+Z", "Ctrl+Y", "C")
LEAVES_THE_WINDOW = {"quit", "full_screen", "open", "new_from_folder", "save_as", "export_python", "save"}
WIDTHS, HEIGHTS = (1100, 1270, 1290, 1600, 2000), (700, 810, 830, 1000)
_PATIENCE = 20  # ms between looks for a dialog that waits


class RandomEvents:
    """Draws events and lets them happen; ``happened`` names those so far, ``in_training`` counts those during a run."""

    def __init__(self, window: MainWindow, chances: random.Random, place: Path) -> None:
        self.window = window
        self.random = chances
        self.place = place
        self.happened: list[str] = []
        self.in_training = 0
        self.folders = [image_folder(place / f"images{classes}", classes) for classes in (2, 3)]
        self.events: tuple[Callable[[], object], ...] = (
            self.start_from_folder,
            self.start_from_folder,
            self.resize,
            self.resize,
            self.open_template,
            self.close_project,
            self.show_workspace,
            self.show_workspace,
            self.show_panel,
            self.show_panel,
            self.train,
            self.train,
            self.choose_theme,
            self.fold_dock,
            self.hide_dock,
            self.select,
            self.run_command,
            self.run_command,
            self.click,
            self.click,
            self.type_into_field,
            self.press_key,
            self.press_key,
        )
        self._dialogs = QTimer(window, interval=_PATIENCE)
        self._dialogs.timeout.connect(self._dismiss)

    def run(self, count: int) -> None:
        """Let so many events happen."""
        self._dialogs.start()
        for _ in range(count):
            event = self.random.choice(self.events)
            self.happened.append(event.__name__)
            self.in_training += self.window.has_document and self.window.workspaces().runs.active is not None
            event()
            for _ in range(self.random.choice((0, 1, 3, 10, 30))):
                QApplication.processEvents()
        self._dialogs.stop()

    def close_project(self) -> None:
        """Go back to the start screen."""
        self._save()
        self.window.files.close()

    # What may happen

    def start_from_folder(self) -> None:
        self._save()
        if self.random.random() < 0.5:
            self.window.files.close()
        self.window.use_folder(self.random.choice(self.folders))

    def open_template(self) -> None:
        self._save()
        self.window.files.open_template(self.random.choice(TEMPLATES))

    def resize(self) -> None:
        self.window.resize(QSize(self.random.choice(WIDTHS), self.random.choice(HEIGHTS)))

    def show_workspace(self) -> None:
        if self.window.has_document:
            self.window.workspaces().show_workspace(self.random.choice(list(WORKSPACES)))

    def show_panel(self) -> None:
        if self.window.has_document:
            self.window.workspaces().show_panel(self.random.choice(list(PANELS)))

    def train(self) -> None:
        """Begin a run where none is on its way and nothing is in the way of one."""
        if self.window.actions_["train"].isEnabled():
            self._save()
            self.window.actions_["train"].trigger()

    def choose_theme(self) -> None:
        appearance().choose(self.random.choice(list(ThemeChoice)))

    def fold_dock(self) -> None:
        if self.window.has_document:
            self.random.choice(list(self.window.workspaces().bench.docks.values())).toggle_folded()

    def hide_dock(self) -> None:
        if self.window.has_document:
            dock = self.random.choice(list(self.window.workspaces().bench.docks.values()))
            dock.setVisible(not dock.isVisible())

    def select(self) -> None:
        names = list(self.window.document.network)
        self.window.document.select(self.random.sample(names, min(len(names), self.random.randint(0, 3))))

    def run_command(self) -> None:
        names = sorted(set(self.window.actions_) - LEAVES_THE_WINDOW)
        action = self.window.actions_[self.random.choice(names)]
        self.happened.append(action.text())
        if action.isEnabled():
            self._save()
            action.trigger()

    def click(self) -> None:
        found = self._seen((QAbstractButton, QTabBar))
        opening = [one for one in found if isinstance(one, QAbstractButton) and one.text().endswith("…")]
        if widget := self._any_of([one for one in found if one not in opening and not _has_menu(one)]):
            self._save()
            spot = QPoint(self.random.randrange(widget.width()), self.random.randrange(widget.height()))
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=spot)

    def type_into_field(self) -> None:
        if field := self._any_of(self._seen((QLineEdit,))):
            field.setFocus()
            QTest.keyClicks(field, self.random.choice(("7", "3x3", "abc", "0.5")))

    def press_key(self) -> None:
        QTest.keySequence(QApplication.focusWidget() or self.window, self.random.choice(KEYS))

    # How

    def _seen(self, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
        found = [widget for kind in kinds for widget in self.window.findChildren(kind)]
        return [widget for widget in found if widget.isVisible() and widget.isEnabled() and not widget.size().isEmpty()]

    def _any_of(self, widgets: Sequence[QWidget]) -> QWidget | None:
        return self.random.choice(widgets) if widgets else None

    def _save(self) -> None:
        """Keep what was edited, so that no question stands in the way of the next event."""
        if self.window.has_document and self.window.document.modified:
            self.window.files.save_to(self.place / "random.loom")

    def _dismiss(self) -> None:
        """Close what waits for an answer: a question, a dialog, a menu."""
        waiting = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        if isinstance(waiting, QDialog):
            waiting.reject()
        elif isinstance(waiting, QMenu):
            waiting.close()


def image_folder(place: Path, classes: int) -> Path:
    """Six noisy images of each class."""
    for number in range(classes):
        (place / f"class{number}").mkdir(parents=True)
        for image in range(6):
            pixels = np.random.default_rng([number, image]).integers(0, 256, (20, 20, 3), np.uint8)
            Image.fromarray(pixels).save(place / f"class{number}" / f"{image}.png")
    return place


def _has_menu(widget: QWidget) -> bool:
    return bool(getattr(widget, "menu", lambda: None)())
