"""What the command line shows: answers on standard output, everything else on standard error."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from engine.json_values import json_value

if TYPE_CHECKING:
    from engine.runs.record import Member
    from engine.training.events import Event


_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # what a terminal does rather than shows


def answer(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(_harmless(text) + "\n")


def _harmless(text: str) -> str:
    """A text as a terminal may have it, in one line: names of files, classes and projects command it nothing."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def answer_json(value: Any) -> None:
    """Write a JSON document to standard output, in one line; what is no finite number is null."""
    sys.stdout.write(json.dumps(json_value(value), allow_nan=False) + "\n")
    sys.stdout.flush()


def answer_table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, numbers_from: int = 100) -> None:
    """Write a table to standard output; columns from ``numbers_from`` on are aligned to the right.

    A terminal gets cells that wrap to its width; a file or a pipe gets every row in one line.
    """
    if sys.stdout.isatty():
        _show_table(titles, rows, numbers_from=numbers_from)
        return
    lines = [titles, *(tuple(map(_harmless, row)) for row in rows)]
    widths = [max(map(_columns, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = []
        for index, (cell, width) in enumerate(zip(line, widths, strict=True)):
            gap = " " * (width - _columns(cell))
            cells.append(f"{gap}{cell}" if index >= numbers_from else f"{cell}{gap}")
        answer("  ".join(cells).rstrip())


def _columns(text: str) -> int:
    """How wide a terminal shows a text: Chinese, Japanese and Korean letters take two columns each."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _show_table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, numbers_from: int) -> None:
    from rich.console import Console  # a quarter of a second for a long table, which a pipe does without
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, title in enumerate(titles):
        table.add_column(title, justify="right" if index >= numbers_from else "left")
    for row in rows:
        table.add_row(*map(_harmless, row))
    Console(markup=False, highlight=False).print(table)


def say(text: str) -> None:
    """Write a sentence to standard error."""
    sys.stderr.write(_harmless(text.strip()) + "\n")


def answer_event(event: Event, member: Member | None = None) -> None:
    """Write an event of a training as one line of JSON to standard output, with which of an ensemble it is."""
    from engine.training.events import to_json

    of = {"member": member.number, "of": member.of} if member else {}
    answer_json({**to_json(event), **of})
