"""What the commands do that need no open document: files, theme, help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.shell.command_palette import CommandPalette
from gui.shell.export import export_python
from gui.shell.shortcuts_window import ShortcutsWindow
from gui.start.version import VERSION
from gui.style.appearance import ThemeChoice, appearance

if TYPE_CHECKING:
    from gui.compare import CompareWindow
    from gui.shell.main_window import MainWindow


class WindowCommands:
    """Connects the commands of the window with what they do."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self._comparing: CompareWindow | None = None
        actions, files = window.actions_, window.files
        actions.connect_all(
            {
                "new": files.new,
                "open": files.open,
                "new_from_folder": self.choose_folder,
                "templates": self.show_templates,
                "save": files.save,
                "save_as": files.save_as,
                "export_python": self.export_python,
                "close": self.close_document,
                "quit": window.close,
                "find_command": self.find_command,
                "wheel_zooms": self.switch_wheel,
                "full_screen": self.switch_full_screen,
                "next_part": lambda: self.cycle_parts(1),
                "previous_part": lambda: self.cycle_parts(-1),
                "compare": self.compare,
                "lesson_inception": lambda: self.show_lesson("inception"),
                "lesson_small_kernels": lambda: self.show_lesson("small_kernels"),
                "lesson_separable": lambda: self.show_lesson("separable"),
                "shortcuts": self.show_shortcuts,
                "about": self.show_about,
                **{f"theme_{choice}": self._theme_setter(choice) for choice in ThemeChoice},
            }
        )
        actions[f"theme_{window.preferences.theme}"].setChecked(True)
        actions["wheel_zooms"].setChecked(window.preferences.wheel_zooms)
        actions.menus["recent"].aboutToShow.connect(self._fill_recent)
        self._follow_undo()

    def choose_folder(self) -> None:
        """Ask for an image folder and learn from it."""
        name = QFileDialog.getExistingDirectory(
            self.window, "Choose a folder with a sub-folder for each class", str(self.window.preferences.folder)
        )
        if name:
            self.window.preferences.folder = Path(name)
            self.window.use_folder(Path(name))

    def show_templates(self) -> None:
        """Bring the templates into view."""
        if self.window.has_document:
            self.window.workspaces().show_panel("templates")
        else:
            self.window.start.search.setFocus()

    def export_python(self) -> None:
        """Ask for a file and write the network as a PyTorch module."""
        export_python(self.window)

    def close_document(self) -> None:
        """Close the document, or the window if there is none."""
        if self.window.has_document:
            self.window.files.close()
        else:
            self.window.close()

    def find_command(self) -> None:
        """Open the command palette."""
        CommandPalette(self.window.actions_, self.window).open_over(self.window)

    def switch_wheel(self) -> None:
        """Let the plain wheel zoom, or pan."""
        self.window.preferences.wheel_zooms = self.window.actions_["wheel_zooms"].isChecked()
        if self.window.view is not None:
            self.window.view.apply_preferences()

    def switch_full_screen(self) -> None:
        """Fill the screen, or not."""
        if self.window.actions_["full_screen"].isChecked():
            self.window.showFullScreen()
        else:
            self.window.showNormal()

    def cycle_parts(self, step: int) -> None:
        """Move the keyboard to the next part of the window: menu, toolbar, left, centre, right, bottom."""
        parts = [part for part in self.window.parts() if part.isVisible()]
        focus = self.window.focusWidget()
        here = next((i for i, part in enumerate(parts) if focus is not None and part.isAncestorOf(focus)), -step)
        for offset in range(1, len(parts) + 1):
            target = _first_focus(parts[(here + step * offset) % len(parts)])
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def compare(self) -> None:
        """Put the drawing and a template side by side."""
        self._compare_window().open()

    def show_lesson(self, name: str) -> None:
        """Put the two networks of a cost lesson side by side."""
        self._compare_window().show_lesson(name)

    def show_shortcuts(self) -> None:
        """Show all keys."""
        ShortcutsWindow(self.window).show()

    def show_about(self) -> None:
        """Say what this is."""
        QMessageBox.about(
            self.window,
            "About Layerloom",
            f"<b>Layerloom {VERSION}</b><p>Draw convolutional networks, see every shape, train them on your own "
            "machine and look inside while they learn.</p><p>MIT licence. Fonts: Inter and JetBrains Mono (OFL). "
            "Icons: Material Design Icons.</p>",
        )

    def _compare_window(self) -> CompareWindow:
        """The window made the first time that it is asked for."""
        if self._comparing is None:
            from gui.compare import CompareWindow

            window = self.window
            self._comparing = CompareWindow(window.document, window.gallery, window.preferences, window)
        return self._comparing

    def _theme_setter(self, choice: ThemeChoice) -> Callable[[], None]:
        def choose() -> None:
            self.window.preferences.theme = choice
            appearance().choose(choice)

        return choose

    def _fill_recent(self) -> None:
        menu, files = self.window.actions_.menus["recent"], self.window.files
        menu.clear()
        for path in files.recent.paths():
            action = menu.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _=False, path=path: files.open_file(path))
        menu.addSeparator()
        menu.addAction("Clear the list", files.recent.clear)

    def _follow_undo(self) -> None:
        stack, actions = self.window.document.undo_stack, self.window.actions_
        actions.connect_all({"undo": stack.undo, "redo": stack.redo})
        for name, can, text in (
            ("undo", stack.canUndoChanged, stack.undoTextChanged),
            ("redo", stack.canRedoChanged, stack.redoTextChanged),
        ):
            action = actions[name]
            action.setEnabled(False)
            can.connect(action.setEnabled)
            text.connect(lambda words, action=action, name=name: _name_step(action, name.capitalize(), words))


def _first_focus(part: QWidget) -> QWidget | None:
    """The first widget in a part of the window that takes the keyboard by Tab."""
    return next(
        (
            widget
            for widget in part.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ),
        None,
    )


def _name_step(action: QAction, verb: str, step: str) -> None:
    action.setText(f"{verb} {step[:1].lower()}{step[1:]}" if step else verb)
