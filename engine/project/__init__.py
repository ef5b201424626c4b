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

__all__ = [
    "SUFFIX",
    "Flow",
    "Project",
    "ProjectFileError",
    "ViewSettings",
    "load_project",
    "project_from_dict",
    "project_to_dict",
    "save_project",
]
