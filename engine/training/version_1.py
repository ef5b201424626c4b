"""What runs of version 1 said in words alone."""

from __future__ import annotations

import re

_CHANGES = {
    "learning_rate": re.compile(r"Try (\d+(?:\.\d+)?(?:e-?\d+)?) in a new run"),
    "batch_size": re.compile(r"a batch of (?:at most )?(\d+)"),
}


def version_1_changes(hint: str) -> dict[str, float]:
    """The values of the recipe that the hint of a failure suggests."""
    found = {setting: pattern.search(hint) for setting, pattern in _CHANGES.items()}
    return {setting: float(match[1]) for setting, match in found.items() if match}
