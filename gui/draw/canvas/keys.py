"""The canvas by keyboard: which key does what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from engine.network.geometry import GRID
from gui.draw.canvas.navigation import Step

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas

_K, _M = Qt.Key, Qt.KeyboardModifier
_NONE, _SHIFT, _CTRL, _ALT = _M.NoModifier, _M.ShiftModifier, _M.ControlModifier, _M.AltModifier
_ARROWS = {_K.Key_Down: Step.DOWN, _K.Key_Up: Step.UP, _K.Key_Left: Step.LEFT, _K.Key_Right: Step.RIGHT}
_WAYS = {_K.Key_Down: (0, 1), _K.Key_Up: (0, -1), _K.Key_Left: (-1, 0), _K.Key_Right: (1, 0)}
_PAN = 80


class Keys:
    """Answers key presses of one canvas; a canvas that is read-only answers those that change nothing."""

    def __init__(self, canvas: Canvas) -> None:
        commands, view = canvas.commands, canvas.view
        self._canvas = canvas
        self._reading: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (_K.Key_F, _NONE): commands.fit_selection,
            (_K.Key_Home, _NONE): commands.fit_all,
            (_K.Key_0, _CTRL): canvas.zoom_100,
            (_K.Key_Plus, _CTRL): canvas.zoom_in,
            (_K.Key_Equal, _CTRL): canvas.zoom_in,
            (_K.Key_Plus, _CTRL | _SHIFT): canvas.zoom_in,
            (_K.Key_Minus, _CTRL): canvas.zoom_out,
            (_K.Key_C, _CTRL): commands.copy,
            (_K.Key_A, _CTRL): commands.select_all,
            (_K.Key_Return, _NONE): canvas.open_settings,
            (_K.Key_Enter, _NONE): canvas.open_settings,
            (_K.Key_Escape, _NONE): canvas.escape,
        }
        self._editing: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (_K.Key_Tab, _NONE): canvas.quick_add,
            (_K.Key_A, _SHIFT): canvas.quick_add,
            (_K.Key_C, _NONE): canvas.choose_target,
            (_K.Key_E, _NONE): commands.toggle_block,
            (_K.Key_R, _NONE): canvas.repeat,
            (_K.Key_K, _NONE): canvas.keep,
            (_K.Key_B, _NONE): commands.bypass,
            (_K.Key_Z, _NONE): commands.freeze,
            (_K.Key_F2, _NONE): canvas.rename,
            (_K.Key_Delete, _NONE): commands.delete,
            (_K.Key_Backspace, _NONE): commands.delete,
            (_K.Key_Delete, _SHIFT): commands.delete_leave_gap,
            (_K.Key_G, _CTRL): commands.group,
            (_K.Key_G, _CTRL | _SHIFT): commands.ungroup,
            (_K.Key_X, _CTRL): commands.cut,
            (_K.Key_V, _CTRL): commands.paste,
            (_K.Key_D, _CTRL): commands.duplicate,
        }
        view.key_pressed.connect(self.press)

    def press(self, event: QKeyEvent) -> None:
        """Do what a key stands for and accept its event, or leave it to the window."""
        modifiers = event.modifiers() & ~_M.KeypadModifier
        key = Qt.Key(event.key())
        if self._arrow(key, modifiers):
            event.accept()
            return
        action = self._reading.get((key, modifiers))
        if action is None and not self._canvas.read_only:
            action = self._editing.get((key, modifiers))
        if action is not None:
            event.accept()
            action()

    def is_ours(self, event: QKeyEvent) -> bool:
        """Whether a press would do something here, so that a shortcut of the window must not take it."""
        key = (Qt.Key(event.key()), event.modifiers() & ~_M.KeypadModifier)
        plain = key[1] in (_NONE, _SHIFT)
        return plain and (key in self._reading or key in self._editing or key[0] in _ARROWS)

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if key not in _ARROWS:
            return False
        x, y = _WAYS[key]
        if modifiers in (_NONE, _SHIFT):
            self._canvas.walk(_ARROWS[key], extends=modifiers == _SHIFT)
        elif modifiers == _CTRL:
            self._canvas.view.pan(-x * _PAN, -y * _PAN)
        elif modifiers == _ALT and not self._canvas.read_only:
            self._canvas.commands.nudge(x * GRID, y * GRID)
        else:
            return False
        return True
