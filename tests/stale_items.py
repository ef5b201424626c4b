"""Items of layouts that PySide takes for alive, whether they are or not."""

import shiboken6
from PySide6.QtWidgets import QLayout, QLayoutItem


def items_at_hand() -> list[QLayoutItem]:
    """Items of layouts that PySide takes for alive."""
    alive = shiboken6.getAllValidWrappers()
    return [item for item in alive if isinstance(item, QLayoutItem) and not isinstance(item, QLayout)]


def stale_items() -> list[QLayoutItem]:
    """Those that Qt made and no layout has: they are deleted."""
    layouts = [layout for layout in shiboken6.getAllValidWrappers() if isinstance(layout, QLayout)]
    made = [item for item in items_at_hand() if not shiboken6.createdByPython(item)]
    return [item for item in made if all(layout.indexOf(item) < 0 for layout in layouts)]
