"""A project, its file, and what brings old files up."""

from engine.project.project import (
    SUFFIX,
    Flow,
    Project,
    ProjectFileError,
    ViewSettings,
    load_project,
    project_from_dict,
    project_to_dict,
    save_project,
)
from engine.project.readiness import data_problems, describe, problems_of, setup_of
from engine.project.values import with_values

__all__ = [
    "SUFFIX",
    "Flow",
    "Project",
    "ProjectFileError",
    "ViewSettings",
    "data_problems",
    "describe",
    "load_project",
    "problems_of",
    "project_from_dict",
    "project_to_dict",
    "save_project",
    "setup_of",
    "with_values",
]
