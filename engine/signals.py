"""The signals that ask the program to end in order."""

from __future__ import annotations

import signal

ENDING_SIGNALS = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__
)
"""Ctrl+C, a polite kill, and a terminal that closes, where the system has that."""
