"""Words keep their distance from the edges, whatever happens to them unseen."""

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gui.style.appearance import ThemeChoice, appearance
from gui.style.style import apply_style, role
from gui.widgets.inset_label import InsetLabel


def test_margins_stay_where_the_theme_changes_while_there_is_no_room_for_them(qapp, qtbot):
    apply_style(qapp)
    page, label = QWidget(), InsetLabel("Nothing yet.", inset=(16, 8, 12, 4))
    qtbot.addWidget(page)
    role(label, "label")
    QVBoxLayout(page).addWidget(label)
    for theme in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        label.resize(10, 5)
        appearance().choose(theme)
        page.show()
        QApplication.processEvents()
        page.hide()
    margins = label.contentsMargins()
    assert (margins.left(), margins.top(), margins.right(), margins.bottom()) == (16, 8, 12, 4)
