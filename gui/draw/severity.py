"""The signs of errors and warnings."""

from __future__ import annotations

from PySide6.QtGui import QIcon

from engine.network import Severity
from gui.style.appearance import appearance


def severity_icon(severity: Severity) -> QIcon:
    """A round sign for an error, a triangle for a warning: shape and colour both tell them apart."""
    if severity is Severity.ERROR:
        return appearance().icon("mdi6.alert-circle", "err")
    return appearance().icon("mdi6.alert", "warn")
