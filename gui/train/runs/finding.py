"""Finding runs by words."""

from __future__ import annotations

import re

from gui.train.runs.differences import data_facts
from gui.train.runs.run import Run
from gui.train.runs.words import settings_facts, status_note


def matches(run: Run, text: str) -> bool:
    """Whether a word of a run's number, name, note, status or settings begins with each word of ``text``."""
    if not text.strip():
        return True
    facts = (f"{name} {value}" for name, value in (*settings_facts(run.settings), *data_facts(run.project.data)))
    told = "\n".join((run.title, run.note, run.status.value, status_note(run), *facts)).casefold()
    return all(re.search(rf"(?<![^\W_]){re.escape(word)}", told) for word in text.casefold().split())
