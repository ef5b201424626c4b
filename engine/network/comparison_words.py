"""A comparison as people read it, in the window and on the command line."""

from __future__ import annotations

from engine.network.comparison import QUANTITIES, Comparison, Match, Row, Side, Totals
from engine.words import memory, si, thousands

TITLES = {
    "parameters": "Parameters",
    "trainable_parameters": "Trainable",
    "multiply_adds": "MACs",
    "activation_bytes": "Activation memory",
    "receptive_field": "Receptive field",
    "layers": "Layers",
}

MARKS = {
    Match.SAME: "= same",
    Match.CHANGED: "≠ changed",
    Match.ONLY_A: "− only in A",
    Match.ONLY_B: "+ only in B",
}
"""What stands before a row, so that no one needs the colours."""


def amount_text(totals: Totals, quantity: str) -> str:
    """A quantity with its unit: "25.6 M", "5×5", "?" where there is none."""
    if quantity == "receptive_field":
        return "×".join(map(str, totals.receptive_field)) if totals.receptive_field else "?"
    amount = totals.amount(quantity)
    if quantity == "activation_bytes":
        return memory(amount)
    return thousands(amount) if amount < 1_000_000 else si(amount)


def ratio_text(ratio: float | None) -> str:
    """How much B has for each of A: "0.318×", "12.5×", "1×"; nothing where A has none."""
    if ratio is None:
        return "–"
    digits = 3 if ratio < 1 else 2 if ratio < 10 else 1 if ratio < 100 else 0
    text = f"{ratio:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "×"


def name_text(row: Row) -> str:
    """What a row is called: one name where both sides have the same."""
    names = dict.fromkeys(side.name for side in (row.a, row.b) if side is not None)
    return " → ".join(names)


def what_text(row: Row) -> str:
    """The layer of a row with its settings, or what differs between the two."""
    side = row.a or row.b
    if side is None:
        return ""
    said = ", ".join(map(str, row.differences)) or side.summary
    return f"{side.layer}: {said}" if said else side.layer


Texts = list[tuple[str, ...]]


def tables(comparison: Comparison) -> tuple[Texts, Texts]:
    """The totals with their ratios, and the aligned rows, as texts for a terminal."""
    a, b = comparison.a, comparison.b
    totals: Texts = [
        (TITLES[key], amount_text(a, key), amount_text(b, key), ratio_text(comparison.ratio(key))) for key in QUANTITIES
    ]
    return totals, [_texts(row) for row in comparison.rows]


def _texts(row: Row) -> tuple[str, ...]:
    figures = (figure_text(side, key) for key in ("parameters", "multiply_adds") for side in (row.a, row.b))
    return MARKS[row.match], name_text(row), what_text(row), *figures


def figure_text(side: Side | None, quantity: str) -> str:
    """Parameters or multiply-adds of one layer; nothing where the network lacks it or it has none."""
    amount = getattr(side, quantity) if side is not None else 0
    return "" if not amount else thousands(amount) if quantity == "parameters" else si(amount)
