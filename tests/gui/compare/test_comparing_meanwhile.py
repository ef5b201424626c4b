"""What is compared is what was chosen last."""

from PySide6.QtWidgets import QApplication

from gui.compare.window import CompareWindow


def test_a_comparison_left_behind_is_not_shown(window, person, hold):
    held = hold("gui.compare.window.compare")
    person.until(lambda: bool(window.gallery.templates))
    window.actions_["compare"].trigger()
    (comparing,) = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CompareWindow))
    person.until(lambda: bool(held.threads))
    held.wait()
    for side, name in zip(comparing.sides.values(), ("mlp", "lenet5"), strict=True):
        side.choose(name)
    person.until(lambda: comparing.comparison is not None)
    shown = comparing.comparison
    held.let_go()
    person.window.repaint()
    person.until(lambda: not comparing._comparing.running)
    assert comparing.comparison is shown
    comparing.close()
