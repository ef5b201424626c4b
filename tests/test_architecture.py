"""The house rules that a machine can check: imports point down, drawing needs no torch, nothing grows too long."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("cli", "engine", "gui", "templates", "benchmarks")
SOURCES = sorted([*ROOT.glob("*.py"), *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))])
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
TORCH_FREE = (
    "engine.choices",
    "engine.layers",
    "engine.network",
    "engine.network.layout",
    "engine.network.clipboard",
    "engine.data.settings",
    "engine.recipe.recipe",
    "engine.tasks",
    "engine.project",
    "engine.registries",
    "engine.inspection",
    "engine.inspection.sight",
    "engine.training.events",
    "engine.runs.run_folder",
    "engine.compiling.source",
    "templates.targets",
)


def functions(path):
    """Name and length of every function in a file, docstrings and decorators left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            start = body[0].lineno if body else node.lineno
            yield node.name, node.end_lineno - start + 2


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    assert [(name, length) for name, length in functions(path) if length > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_code_is_a_package_that_the_import_checker_reads(package):
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_import_contracts_are_kept():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def module_of(path):
    """The dotted name of a source file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = frozenset(map(module_of, SOURCES))


def named_modules(text):
    """The own modules that the strings of a source name, alone or with something in them."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"\w+(\.\w+)+", node.value):
            parts = node.value.split(".")
            names = (".".join(parts[:end]) for end in range(len(parts), 1, -1))
            yield from [name for name in names if name in MODULES][:1]


def points_up(source, target):
    """The import contracts that do not let one module import another."""
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]:
        for container in contract.get("containers", [""]) if contract["type"] == "layers" else []:
            ranks = {
                f"{container}.{name.strip()}".lstrip("."): (rank, "|" in layer)
                for rank, layer in enumerate(contract["layers"])
                for name in re.split("[|:]", layer)
            }
            places = [
                next((one for one in ranks if f"{name}.".startswith(f"{one}.")), None) for name in (source, target)
            ]
            if None in places or places[0] == places[1]:
                continue
            (above, apart), (below, _) = (ranks[place] for place in places)
            if below < above or (below == above and apart):
                yield contract["name"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_named_in_a_string_points_down_as_an_import_does(path):
    """What is loaded by name is an import too; `engine.modules` are named by design."""
    named = {name for name in named_modules(path.read_text("utf-8")) if not name.startswith("engine.modules.")}
    assert [(name, *why) for name in sorted(named) if (why := list(points_up(module_of(path), name)))] == []


def test_strings_are_held_to_the_contracts():
    assert list(named_modules('import_module("gui.shell.workspace_view.WorkspaceView")')) == [
        "gui.shell.workspace_view"
    ]
    assert list(points_up("gui.start.warm_up", "gui.shell.workspace_view")) == ["Imports point down in the window"]
    assert list(points_up("engine.runs.session", "gui.app")) == ["Imports point down: cli, gui, templates, engine"]
    assert list(points_up("gui.looker", "gui.readiness")) == ["Imports point down in the window"]
    assert not list(points_up("gui.shell.main_window", "gui.shell.workspace_view"))
    assert not list(points_up("gui.start.warm_up", "engine.machine.devices"))


@pytest.mark.parametrize("module", TORCH_FREE)
def test_drawing_needs_neither_torch_nor_qt(module):
    code = f"import {module}, sys; print(*{{'torch', 'torchvision', 'PySide6'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_only_training_loads_what_compiles():
    modules = "engine.machine.devices, engine.evaluation.evaluating, engine.inspection.pictures, engine.inspection.lens"
    code = f"import {modules}, sys; print(*{{'torch._dynamo'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("path", [p for p in SOURCES if "gui" in p.parts], ids=lambda p: str(p.relative_to(ROOT)))
def test_the_window_imports_no_torch(path):
    names = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not {name for name in names if name.split(".")[0] in {"torch", "torchvision"}}


def pressed_keys(text):
    """Where a source makes an event of a key, or sends any event by itself."""
    for node in ast.walk(ast.parse(text)):
        called = node.func if isinstance(node, ast.Call) else None
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        if name in {"QKeyEvent", "QShortcutEvent", "sendEvent", "postEvent", "QTest", "keyClick"}:
            yield node.lineno, name


@pytest.mark.parametrize("path", [p for p in SOURCES if "gui" in p.parts], ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_presses_keys_for_somebody(path):
    """What a key does is a function, which menus and buttons call as well."""
    assert list(pressed_keys(path.read_text("utf-8"))) == []


def test_the_search_finds_keys_that_are_pressed():
    assert list(pressed_keys("QApplication.sendEvent(view, QKeyEvent(kind, key, none))"))
    assert list(pressed_keys("QTest.keyClick(view, key)"))
    assert not list(
        pressed_keys("def keyPressEvent(self, event: QKeyEvent) -> None:\n    isinstance(event, QKeyEvent)")
    )


def test_void_calls_of_the_window_library_keep_none():
    """PySide6 6.12.0 lost a reference to None on every void call and ended the interpreter after some thousands."""
    code = (
        "import sys; from PySide6.QtGui import QPainterPath; path = QPainterPath();"
        "before = sys.getrefcount(None);"
        "[path.moveTo(1, 1) for _ in range(1000)];"
        "print(before - sys.getrefcount(None))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert abs(int(done.stdout)) < 500


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.is_relative_to(ROOT / "gui")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_what_paints_closes_its_painter_whatever_happens(path):
    """A painter that an error leaves open ends the program."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    closed = {item.context_expr for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
    made = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "QPainter"]
    assert [node.lineno for node in made if node not in closed] == []


def test_the_layer_that_contributing_shows_is_the_one_that_exists():
    shown = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("```python\n")[1].split("```")[0]
    assert shown in (ROOT / "engine/layers/activation.py").read_text("utf-8")
