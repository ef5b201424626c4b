"""What a run says of each image of a part, as a table for spreadsheets."""

from __future__ import annotations

import csv
import io

from engine.data.loaded import LoadedData
from engine.files import as_text
from engine.project import Project
from engine.tasks import Answers


def predictions_table(answers: Answers, data: LoadedData, project: Project) -> str:
    """CSV (RFC 4180) with a line for each image that could be read: its name as in ``parts.json``, then the task's own.

    ``answers`` are those for a part of ``data``.
    """
    places = data.splits[answers.part].indices[answers.positions]
    names = ("file", *(as_text(str(data.names[place])) for place in places.tolist()))
    text = io.StringIO()
    lines = zip(names, project.task.lines(answers, project.training), strict=True)
    csv.writer(text).writerows((name, *line) for name, line in lines)
    return text.getvalue()
