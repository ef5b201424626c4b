"""Whatever stands in a project file, it is read or refused in a sentence, and what is read can be used and saved."""

import json

import pytest
from damage import damaged
from sentences import require_sentence

from engine.compiling.source import python_source
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.network import analyse
from engine.network.blocks import group
from engine.network.layout import tidy
from engine.project import Project, load_project, problems_of, project_to_dict, save_project
from engine.project.data_places import FROM_HERE
from engine.recipe.recipe import Recipe
from templates import TEMPLATES

FILES = 250
_LARGE = 0.02  # share of files that hold a large network


def documents():
    """Every template as a file holds it, some with a folder, settings, places and blocks of their own."""
    found = []
    for number, template in enumerate(TEMPLATES.values()):
        network = template.build()
        if number % 2:
            tidy(network)
        if number % 3 == 0 and len(network) < 40:
            group(network, list(network)[1:3])
        data = DataSettings(source=Folder(path="/pictures")) if number % 3 == 1 else DataSettings()
        document = project_to_dict(Project(network, data, Recipe(epochs=number + 1)))
        found.append(document | {FROM_HERE: "pictures"} if data.source.takes_folder else document)
    return found


def use(project, path) -> None:
    """Do with a project what the program does with one that was opened."""
    analysis = analyse(project.network)
    for problem in problems_of(project):
        assert problem.message
    compile(python_source(project.network, analysis=analysis).text, "exported.py", "exec")
    save_project(project, path)
    again = load_project(path)
    assert project_to_dict(again) == project_to_dict(project)
    assert again.network == project.network


@pytest.mark.timeout(0)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_damaged_files_are_read_or_refused_in_a_sentence(soak, tmp_path):
    chances, whole = soak.random(), documents()
    small = [document for document in whole if len(document["network"]["nodes"]) < 60]
    path, copy = tmp_path / "damaged.loom", tmp_path / "copy.loom"
    count, read = soak.rounds(FILES), 0
    for _ in range(count):
        content = damaged(chances, chances.choice(whole if chances.random() < _LARGE else small))
        path.write_bytes(content)
        try:
            project = load_project(path)
        except LayerloomError as error:
            require_sentence(error)
            continue
        except Exception as error:
            raise AssertionError(f"{error!r} for {json.dumps(content.decode('latin-1'))}") from error
        read += 1
        try:
            use(project, copy)
        except Exception as error:
            raise AssertionError(f"{error!r} for {json.dumps(content.decode('latin-1'))}") from error
    soak.tell(count, f"damaged project files, {read} of them read")
    assert 0 < read < count
