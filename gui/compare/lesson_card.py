"""What a cost lesson says: its title, one sentence, and the formula with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.style.style import role
from gui.widgets.formula_view import FormulaView

if TYPE_CHECKING:
    from templates.lessons import Lesson  # all templates come with it


class LessonCard(QFrame):
    """Hidden until a lesson is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "card")
        self.title, self.sentence = QLabel(), QLabel()
        role(self.title, "heading")
        role(self.sentence, "label")
        self.formula = FormulaView()
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 6)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.formula)
        self.hide()

    def show_lesson(self, lesson: Lesson) -> None:
        """Show a lesson."""
        self.title.setText(lesson.title)
        self.sentence.setText(lesson.sentence)
        self.formula.show_formulas([lesson.formula])
        self.setAccessibleName(f"{lesson.title}. {lesson.sentence} {lesson.formula}")
        self.show()
