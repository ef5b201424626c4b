"""The menu of a node, a block or the canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from gui.style.appearance import appearance

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas


def context_menu(canvas: Canvas, name: str) -> QMenu:
    """What can be done with the selection, or with the canvas if ``name`` is ""."""
    menu = QMenu(canvas)
    commands = canvas.commands
    if not name:
        _fill(
            menu,
            ("mdi6.plus", "Add layer…", "Tab", canvas.quick_add),
            ("", "Paste", "Ctrl+V", commands.paste),
            None,
            ("", "Select all", "Ctrl+A", commands.select_all),
            ("mdi6.fit-to-page-outline", "Fit all", "Home", commands.fit_all),
        )
        return menu
    outline = canvas.scene.outline
    if outline.is_block(name):
        opens = not outline.is_frame(name)
        icon = "mdi6.arrow-expand-all" if opens else "mdi6.arrow-collapse-all"
        _fill(menu, (icon, "Expand" if opens else "Collapse", "E", commands.toggle_block))
        _fill(menu, ("", "Ungroup", "Ctrl+Shift+G", commands.ungroup), None)
    _fill(
        menu,
        ("mdi6.plus", "Add layer after…", "Tab", canvas.quick_add),
        ("mdi6.vector-line", "Connect to…", "C", canvas.choose_target),
        ("mdi6.card-multiple-outline", "Group", "Ctrl+G", commands.group),
        ("mdi6.repeat", "Repeat…", "R", canvas.repeat),
        ("mdi6.bookmark-plus-outline", "Keep in My blocks", "K", canvas.keep),
        None,
        ("mdi6.debug-step-over", "Bypass", "B", commands.bypass),
        ("mdi6.snowflake", "Freeze", "Z", commands.freeze),
        ("mdi6.form-textbox", "Rename", "F2", canvas.rename),
        None,
        ("", "Cut", "Ctrl+X", commands.cut),
        ("", "Copy", "Ctrl+C", commands.copy),
        ("", "Duplicate with wires", "Ctrl+D", commands.duplicate),
        ("mdi6.delete-outline", "Delete and close the gap", "Delete", commands.delete),
        ("", "Delete, leave the gap", "Shift+Delete", commands.delete_leave_gap),
    )
    return menu


def _fill(menu: QMenu, *lines: tuple[str, str, str, Callable[[], object]] | None) -> None:
    for line in lines:
        if line is None:
            menu.addSeparator()
            continue
        icon, text, keys, slot = line
        action = menu.addAction(f"{text}\t{keys}", slot)
        if icon:
            action.setIcon(appearance().icon(icon))
