"""What all views share that explain the score of a class."""

from __future__ import annotations

from typing import ClassVar

from engine.inspection.views import View
from engine.settings import setting


class Explanation(View):
    """Says how much each place of an image counts for the score of a class, before the softmax.

    `show` gives `Evidence`, or a type of its own. ``source`` is where the method was published, ``formula`` what it
    computes.
    """

    needs_node: ClassVar = False
    precise: ClassVar = True
    class_setting: ClassVar = "target"
    source: ClassVar[str]
    formula: ClassVar[str]

    target: int | None = setting(
        None, "Class", help="The number of the class, counted from 0; if left out, the predicted one."
    )
