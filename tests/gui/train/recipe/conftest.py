"""The form of a recipe in a shown window of its own."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.project import Project
from engine.recipe.recipe import Recipe
from gui.document import Document
from gui.readiness import readiness_of
from gui.style.style import apply_style
from gui.train.recipe.name_dialog import NameDialog
from gui.train.recipe.panel import RecipePanel
from templates import build


class Form:
    """What a person does in the form, with real events, and what comes of it."""

    def __init__(self, panel):
        self.panel = panel
        self.form = panel.form
        self.document = panel.document

    @property
    def recipe(self):
        return self.document.project.training

    @property
    def steps(self):
        return self.document.undo_stack.count()

    def settle(self):
        for _ in range(3):  # what was typed, the refresh that follows, the layout after it
            QApplication.processEvents()

    def editor(self, path):
        editor = self.form.row(path).editor
        return getattr(editor, "number", editor)

    def type(self, path, text):
        field = self.editor(path)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        self.settle()
        return field

    def keys(self, field, text):
        """Type with what waits in the event loop after each key."""
        for key in text:
            QTest.keyClick(field, key)
            QApplication.processEvents()
        self.settle()

    def choose(self, path, word):
        """By arrow keys."""
        editor = self.editor(path)
        editor.setFocus()
        key = Qt.Key.Key_Down if editor.findData(word) > editor.currentIndex() else Qt.Key.Key_Up
        while editor.currentData() != word:
            QTest.keyClick(editor, key)
        self.settle()

    def press(self, widget, key=None):
        """A click, or a key in it."""
        if key is None:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        else:
            widget.setFocus()
            QTest.keyClick(widget, key)
        self.settle()

    def card(self, title):
        return next(card for card in self.panel.cards.cards if card.preset.title == title)

    def notes(self, path):
        return [box.text.text() for box in self.boxes(path)]

    def boxes(self, path):
        boxes = self.form.line(path)._boxes
        return [boxes.itemAt(place).widget() for place in range(boxes.count())]

    def in_dialog(self, act):
        """Do something in the dialog that is about to open."""

        def when_open():
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, NameDialog):
                timer.stop()
                act(dialog)

        timer = QTimer(self.panel, interval=10)
        timer.timeout.connect(when_open)
        timer.start()


@pytest.fixture
def show(qapp, qtbot):
    """Shows the form of a recipe, 632 px wide unless told."""
    apply_style(qapp)
    documents = []

    def make(recipe=None, *, width=632, height=864, network=None):
        documents.append(Document(Project(network or build("lenet5"), training=recipe or Recipe())))
        panel = RecipePanel(documents[-1])
        qtbot.addWidget(panel)
        panel.resize(width, height)
        with qtbot.waitExposed(panel):
            panel.show()
        shown = Form(panel)
        shown.settle()
        return shown

    yield make
    for document in documents:
        readiness_of(document).close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def form(show):
    return show()
