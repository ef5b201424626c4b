"""The whole window for the tests of this folder."""

from pathlib import Path

import pytest
from a_person import OFFSCREEN, person, window

__all__ = ["person", "window"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore(*OFFSCREEN))
