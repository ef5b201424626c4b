"""A program of its own: the window with LeNet-5 and one edit in it; says so, and waits. ASK: with a question open."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from engine.layers.convolution import Conv2d
from gui import app
from gui.shell.main_window import MainWindow


def edit() -> None:
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
    if not windows or not windows[0].has_document:
        QTimer.singleShot(20, edit)
        return
    windows[0].document.edit("Add", lambda network: network.add(Conv2d(), "added"))
    if "ASK" in sys.argv:
        QTimer.singleShot(0, windows[0].close)
    QTimer.singleShot(0, lambda: print("edited", flush=True))  # noqa: T201


if __name__ == "__main__":
    QTimer.singleShot(0, edit)
    sys.exit(app.run("lenet5"))
