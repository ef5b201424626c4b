"""Whatever error leaves a method that Qt calls, the program goes on with it."""

import subprocess
import sys

import pytest

ERRORS = {
    "IndexError": "()[0]",
    "KeyError": "{}['x']",
    "TypeError": "len(3)",
    "ValueError": "int('x')",
    "ZeroDivisionError": "1 / 0",
    "AttributeError": "None.nothing",
    "RuntimeError": "gone.show()",
    "OverflowError": "QSize(10**12, 1)",
    "OSError": "open('/nowhere/at/all')",
    "UnicodeDecodeError": "b'\\xff'.decode()",
    "StopIteration": "next(iter(()))",
}

PROGRAM = """
import sys
from PySide6.QtCore import QEvent, QObject, QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene, QStackedWidget, QWidget
from shiboken6 import delete

import gui

app = QApplication([])
gone = QWidget()
delete(gone)

def fail():
    {error}

class Page(QWidget):
    def showEvent(self, event):
        fail()

class Narrow(QWidget):
    def resizeEvent(self, event):
        fail()

class Watcher(QObject):
    def eventFilter(self, watched, event):
        fail()

class Item(QGraphicsItem):
    def boundingRect(self):
        return QRectF(0, 0, 9, 9)

    def paint(self, painter, option, widget=None):
        fail()

class Later(Page):
    pass

def show_page(kind):
    stack = QStackedWidget()
    stack.addWidget(QWidget())
    page = kind()
    stack.addWidget(page)
    stack.show()
    stack.setCurrentWidget(page)

def resize():
    widget = Narrow()
    widget.show()

def filtered():
    widget, watcher = QWidget(), Watcher()
    widget.installEventFilter(watcher)
    app.sendEvent(widget, QEvent(QEvent.Type.User))

def painted():
    scene = QGraphicsScene()
    scene.addItem(Item())
    picture = QPixmap(9, 9)
    with QPainter(picture) as painter:
        scene.render(painter)

for work in (lambda: show_page(Page), lambda: show_page(Later), resize, filtered, painted):
    try:
        work()
    except Exception as error:
        print(type(error).__name__)
"""


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_in_a_method_that_qt_calls_arrives_where_qt_was_called(name):
    """Up to Python 3.11 PySide reads arguments that an error of C code has not got, and ended the program."""
    program = PROGRAM.format(error=ERRORS[name])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    kind = "FileNotFoundError" if name == "OSError" else name
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [kind] * 5
