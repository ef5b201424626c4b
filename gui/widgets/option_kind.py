"""The options of a template, as the editors of settings know them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gui.widgets.values import Editor, Kind

if TYPE_CHECKING:
    from templates.options import Option  # all templates come with it

_EDITORS = {
    "choice": Editor.CHOICE,
    "flag": Editor.SWITCH,
    "integer": Editor.INTEGER,
    "number": Editor.REAL,
    "sizes": Editor.LIST,
}


def kind_of(option: Option) -> Kind:
    """What a field shows of an option."""
    return Kind(
        option.name,
        option.title,
        _EDITORS[option.kind],
        option.default,
        words=option.choices or (),
        least=-math.inf if option.least is None else option.least,
        most=math.inf if option.most is None else option.most,
    )
