"""What Evaluate writes and moves, where that goes wrong or names look like tags."""

import pytest
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel

from engine.evaluation.relabelling import to_class
from gui.evaluate.answer_bar import AnswerBar

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


def test_moves_are_undone_in_the_folder_they_were_made_in_whatever_is_in_view(evaluate, qtbot, tmp_path):
    page, evaluator = evaluate.matrix.labels, evaluate.evaluator
    for folder in ("here", "there"):
        for name in ("cat", "dog"):
            (tmp_path / folder / name).mkdir(parents=True)
    (tmp_path / "here/cat/1.png").write_text("here")
    (tmp_path / "there/dog/1.png").write_text("there")
    page.moves.move(tmp_path / "here", [to_class("cat/1.png", "cat", "dog")])
    qtbot.waitUntil(lambda: not page.moves.busy, timeout=PATIENCE)
    assert (tmp_path / "here/dog/1.png").exists()
    assert evaluator.result is None  # as when another run is chosen
    page.undo.click()
    qtbot.waitUntil(lambda: not page.moves.busy, timeout=PATIENCE)
    assert (tmp_path / "here/cat/1.png").read_text() == "here"
    assert (tmp_path / "there/dog/1.png").read_text() == "there"
    assert page.undo.isHidden()


def test_a_report_that_failed_is_closed_and_none_is_written_over_unasked(
    evaluate, trained, monkeypatch, qtbot, tmp_path
):
    evaluate.evaluator.start()
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    line = evaluate.matrix.report
    line.write(tmp_path / "<b>nowhere" / "report.html")
    qtbot.waitUntil(lambda: bool(line.report.message), timeout=PATIENCE)
    words = line.findChild(AnswerBar).findChild(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert words.text() == line.report.message
    assert words.textFormat() is Qt.TextFormat.PlainText
    assert not line.open.isVisible()
    QTest.mouseClick(line.close_button, LEFT)
    assert not line.isVisible()
    (tmp_path / "mine.html").write_text("another")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), "Web page (*.html)"))
    line.ask()
    qtbot.waitUntil(lambda: line.report.value is not None, timeout=PATIENCE)
    assert (tmp_path / "mine.html").read_text() == "another"
    assert line.report.value == tmp_path / "mine-2.html"
