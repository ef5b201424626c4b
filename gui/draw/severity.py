"""The signs of problems by their severity."""

from __future__ import annotations

from PySide6.QtGui import QIcon

from engine.network import Severity
from gui.style.appearance import appearance

_SIGNS = {
    Severity.ERROR: ("mdi6.alert-circle", "err"),
    Severity.UNFINISHED: ("mdi6.dots-horizontal-circle-outline", "muted"),
    Severity.WARNING: ("mdi6.alert", "warn"),
}


def severity_icon(severity: Severity) -> QIcon:
    """A disc for an error, a ring for what is unfinished, a triangle for a warning: not by colour alone."""
    return appearance().icon(*_SIGNS[severity])
