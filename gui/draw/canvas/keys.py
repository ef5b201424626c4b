"""The canvas by keyboard: the keys of its commands, and those that move."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from engine.network.geometry import GRID
from gui.draw.canvas.declared import CanvasCommand, canvas_commands
from gui.draw.canvas.navigation import Step
from gui.guard import border

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas

_K, _M = Qt.Key, Qt.KeyboardModifier
_NONE, _SHIFT, _CTRL, _ALT = _M.NoModifier, _M.ShiftModifier, _M.ControlModifier, _M.AltModifier
_ARROWS = {_K.Key_Down: Step.DOWN, _K.Key_Up: Step.UP, _K.Key_Left: Step.LEFT, _K.Key_Right: Step.RIGHT}
_WAYS = {_K.Key_Down: (0, 1), _K.Key_Up: (0, -1), _K.Key_Left: (-1, 0), _K.Key_Right: (1, 0)}
_PAN = 80

Press = tuple[Qt.Key, Qt.KeyboardModifier]


class Keys:
    """Answers key presses of one canvas; a canvas that is read-only answers those that change nothing."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._commands = {
            _press(keys): command for command in canvas_commands() for keys in (*command.keys, *command.local_keys)
        }
        self._others: dict[Press, Callable[[], object]] = {
            (_K.Key_Return, _NONE): canvas.open_settings,
            (_K.Key_Enter, _NONE): canvas.open_settings,
            (_K.Key_Escape, _NONE): canvas.escape,
        }
        canvas.view.key_pressed.connect(self.press)

    def press(self, event: QKeyEvent) -> None:
        """Do what a key stands for and accept its event, or leave it to the window."""
        action = self._action(Qt.Key(event.key()), event.modifiers() & ~_M.KeypadModifier)
        if action is not None:
            event.accept()
            action()

    def is_ours(self, event: QKeyEvent) -> bool:
        """Whether a press would do something here, so that a shortcut of the window must not take it."""
        key = (Qt.Key(event.key()), event.modifiers() & ~_M.KeypadModifier)
        plain = key[1] in (_NONE, _SHIFT)
        return plain and (key in self._commands or key in self._others or key[0] in _ARROWS)

    def _action(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> Callable[[], object] | None:
        if key in _ARROWS:
            return self._arrow(key, modifiers)
        command = self._commands.get((key, modifiers))
        if command is not None and not (command.changes and self._canvas.read_only):
            return partial(border().do, partial(self._do, command))
        return self._others.get((key, modifiers))

    def _do(self, command: CanvasCommand) -> None:
        if command.possible(self._canvas):
            command.act(self._canvas)
        elif command.in_vain:
            self._canvas.status_message.emit(command.in_vain)

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> Callable[[], object] | None:
        x, y = _WAYS[key]
        if modifiers in (_NONE, _SHIFT):
            return partial(self._canvas.walk, _ARROWS[key], extends=modifiers == _SHIFT)
        if modifiers == _CTRL:
            return partial(self._canvas.view.pan, -x * _PAN, -y * _PAN)
        if modifiers == _ALT and not self._canvas.read_only:
            return partial(self._canvas.commands.nudge, x * GRID, y * GRID)
        return None


def _press(keys: str) -> Press:
    pressed = QKeySequence(keys)[0]  # type: ignore[index]  # PySide6 has it and its stubs forget it
    return pressed.key(), pressed.keyboardModifiers()
