"""Who trains: all draw from the same generators, so that two at once would change each other's course."""

from __future__ import annotations

from threading import RLock

TURN = RLock()
"""Held by a training, and by trials of one, as long as they last."""
