"""Project files: what is saved is what comes back, and what cannot be opened says why."""

import contextlib
import errno
import itertools
import json
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add
from engine.layers.reshaping import Flatten
from engine.network import Network, Point
from engine.project import (
    Flow,
    Project,
    ProjectFileError,
    ViewSettings,
    load_project,
    project_from_dict,
    project_to_dict,
    save_project,
)
from engine.project.migrations import VERSION
from engine.recipe.recipe import Recipe

GOLDEN = Path(__file__).parents[2] / "golden"


def sample() -> Project:
    network = Network("sample")
    network.add(Input(channels=1, height=8, width=8), "input", position=Point(32, 64))
    network.add(Conv2d(out_channels=4, kernel_size=3), "body.0.conv", inputs="input")
    network.add(Conv2d(out_channels=4, kernel_size=3), "body.1.conv", inputs="input")
    network.add(Add(), "add", inputs=["body.0.conv", "body.1.conv"])
    network.add(Flatten(), "flatten", inputs="add")
    network.add(Linear(out_features=10), "fc", inputs="flatten")
    network.add(Output(), "output", inputs="fc")
    network.set_node("fc", frozen=True)
    network.set_node("flatten", bypassed=True)
    network.set_block("body", kind="Branches", collapsed=True, position=Point(32, 128))
    return Project(
        network,
        DataSettings(source=Folder(path="/data/leaves")),
        Recipe(epochs=7, batch_size=32, learning_rate=0.002),
        ViewSettings(flow=Flow.ONE_COLUMN),
    )


def document() -> dict:
    return json.loads(json.dumps(project_to_dict(sample())))


def refusal(tmp_path, content: bytes) -> str:
    """The sentence with which a file of this content is refused; the file stays as it is."""
    path = tmp_path / "net.loom"
    path.write_bytes(content)
    with pytest.raises(ProjectFileError) as error:
        load_project(path)
    assert path.read_bytes() == content
    sentence = str(error.value)
    assert "net.loom" in sentence
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    assert len(sentence) < 300
    return sentence


def test_what_is_saved_comes_back(tmp_path):
    save_project(sample(), tmp_path / "net.loom")
    assert load_project(tmp_path / "net.loom") == sample()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/projects/sample.loom")), ids=lambda path: path.name)
def test_projects_of_every_version_open(path):
    assert load_project(path) == sample()


LONG = "x" * 301


def test_names_as_long_as_a_file_holds_come_back(tmp_path):
    project = Project(Network(LONG[1:]))
    project.network.add(Conv2d(), f"b.{LONG[3:]}")
    project.network.set_block("b", kind=LONG[1:])
    save_project(project, tmp_path / "p.loom")
    assert load_project(tmp_path / "p.loom").network == project.network


@pytest.mark.parametrize(
    "edit",
    [
        lambda network: network.add(Conv2d(), LONG),
        lambda network: network.rename("conv", LONG),
        lambda network: network.rename("conv", ".".join(["a"] * 151)),
        lambda network: network.set_block("b", kind=LONG),
    ],
)
def test_names_that_no_file_would_hold_are_refused(edit):
    network = Network()
    network.add(Conv2d(), "conv")
    with pytest.raises(LayerloomError, match="at most 300 characters"):
        edit(network)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (LONG, "network › name is 'xxxxxxxxxxxx...xxxxxxxxxxxxx', at most 300 characters fit."),
        ("\udcff", "network › name is '\\udcff', but a text is needed."),
    ],
)
def test_what_could_not_be_opened_again_is_not_saved(tmp_path, name, reason):
    path = tmp_path / "p.loom"
    save_project(sample(), path)
    with pytest.raises(ProjectFileError) as refused:
        save_project(Project(Network(name)), path)
    assert str(refused.value) == (
        f"p.loom could not be opened again if it were saved. {reason} The file there is unchanged."
    )
    assert load_project(path).network == sample().network


def test_half_a_character_in_a_setting_is_not_saved(tmp_path):
    project = Project(data=DataSettings(source=Folder(path="/\udcff")))
    with pytest.raises(ProjectFileError, match=r"could not be saved: half a character, \\udcff, is in it\."):
        save_project(project, tmp_path / "p.loom")
    assert not (tmp_path / "p.loom").exists()


def test_one_node_takes_one_line(tmp_path):
    save_project(sample(), tmp_path / "net.loom")
    lines = (tmp_path / "net.loom").read_text().splitlines()
    assert sum('"layer":' in line for line in lines) == 7


def test_an_empty_project_comes_back(tmp_path):
    save_project(Project(), tmp_path / "net.loom")
    assert load_project(tmp_path / "net.loom") == Project()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"\x00\x01\xff\xfe" * 50, "not a text file"),
        (b"hello", "line 1, column 1 is not JSON"),
        (b'{"format": "layerloom",, }', "column 24 is not JSON"),
        (b"[]", "holds no object"),
        (b"{}", "is not a Layerloom project"),
        (b'{"format": "other", "version": 1}', "is not a Layerloom project"),
        (b'{"format": "layerloom"}', "is not a Layerloom project"),
        (b'{"format": "layerloom", "version": true}', "is not a Layerloom project"),
        (b'{"format": "layerloom", "version": 99}', f"its version is 99, this one reads up to {VERSION}"),
        (b'{"format": "layerloom", "version": 1}', "network is missing"),
        (b'{"format": "layerloom", "version": NaN}', "not finite"),
        (b'{"format": "layerloom", "version": 1' + b"0" * 5000 + b"}", "far too long"),
        (b"[" * 10_000_000, "nested too deeply"),
        (b'{"a":' * 2_000_000, "nested too deeply"),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else "",
)
def test_files_that_are_no_projects_say_why(tmp_path, content, says):
    assert says in refusal(tmp_path, content)


def test_a_file_cut_short_anywhere_is_refused(tmp_path):
    save_project(sample(), tmp_path / "whole.loom")
    content = (tmp_path / "whole.loom").read_bytes()
    for end in range(1, len(content) - 2, 97):
        assert "is not complete" in refusal(tmp_path, content[:end])


def spoil(**changes):
    """A sample document with parts of its network replaced."""
    spoilt = document()
    spoilt["network"].update(changes)
    return spoilt


def node(name: str, layer: str = "ReLU", **entry) -> dict:
    return {"name": name, "layer": layer, **entry}


@pytest.mark.parametrize(
    ("network", "says"),
    [
        ({"nodes": [node("a", "Conv2D")]}, "no layer is called 'Conv2D'. Did you mean 'Conv2d'?"),
        ({"nodes": [node("a", "Conv2d", settings={"out_channels": 10**9})]}, "a: Output channels is 1 000 000 000"),
        ({"nodes": [node("a", "Conv2d", settings={"out_channels": "many"})]}, "a: Output channels is 'many'"),
        ({"nodes": [node("a", "Conv2d", settings={"colour": 3})]}, "nothing called 'colour'"),
        ({"nodes": [node("a", "Conv2d", settings={"kernel_size": [3, 3, 3]})]}, "Kernel"),
        ({"nodes": [node("a"), node("a")]}, "Two nodes are called 'a'"),
        ({"nodes": [node("a"), node("a.b")]}, "cannot stand inside 'a'"),
        ({"nodes": [node("a b")]}, "'a b' is not a name"),
        ({"nodes": [node("forward")]}, "keeps 'forward' for itself"),
        ({"nodes": [node("")]}, "nodes › 0 › name"),
        ({"nodes": [node("a", position=[1])]}, "position"),
        ({"nodes": [node("a", position=["x", 2])]}, "position"),
        ({"nodes": [node("a", position=[1e300, 2])]}, "position"),
        ({"nodes": [node("a", frozen="perhaps")]}, "frozen"),
        ({"nodes": "all"}, "nodes"),
        ({"nodes": [7]}, "nodes › 0"),
        ({"nodes": [node("a", "Conv2d", settings=[])]}, "settings"),
        ({"nodes": [node("a")], "edges": [["a", "b", "input"]]}, "There is no layer called 'b'".lower()),
        ({"nodes": [node("a")], "edges": [["a", "a", "input"]]}, "circle: a → a"),
        (
            {"nodes": [node("a"), node("b")], "edges": [["a", "b", "input"], ["b", "a", "input"]]},
            "run in a circle",
        ),
        ({"nodes": [node("a"), node("b")], "edges": [["a", "b", "input"]] * 2}, "is taken"),
        ({"nodes": [node("a"), node("b")], "edges": [["a", "b", "side"]]}, "no input 'side'"),
        ({"nodes": [node("a"), node("b", "Add")], "edges": [["a", "b", "input²"]]}, "no input"),
        ({"nodes": [node("a", "Output"), node("b")], "edges": [["a", "b", "input"]]}, "gives no output"),
        ({"nodes": [node("a"), node("b")], "edges": [["a", "b"]]}, "edges › 0"),
        ({"nodes": [node("a"), node("b")], "edges": [{"a": "b"}]}, "edges › 0"),
        ({"edges": None}, "edges"),
        ({"blocks": []}, "blocks"),
        ({"blocks": {"a b": {}}}, "cannot be a block's name"),
        ({"blocks": {"a": {"collapsed": 3}}}, "collapsed"),
        ({"name": 3}, "network › name"),
        ({"extra": 3}, "nothing called 'network › extra'"),
    ],
)
def test_impossible_networks_say_what_is_wrong(tmp_path, network, says):
    spoilt = spoil(**({"nodes": [], "edges": [], "blocks": {}} | network))
    sentence = refusal(tmp_path, json.dumps(spoilt).encode())
    assert says.replace("\u202f", " ").lower() in sentence.replace("\u202f", " ").lower()


@pytest.mark.parametrize(
    ("part", "settings", "says"),
    [
        ("training", {"epochs": 0}, "training › epochs is 0, at least 1 is needed."),
        ("training", {"optimiser": "magic"}, "No optimiser is called 'magic'"),
        ("training", {"learning_rate": 1e999}, "training › learning_rate"),
        ("data", {"split": {"validation": 7}}, "data › split › validation is 7, at most 0.8 fits."),
        ("view", {"flow": []}, "view › flow"),
        ("view", 3, "view is 3, but an object is needed."),
    ],
)
def test_settings_that_do_not_fit_say_so(tmp_path, part, settings, says):
    content = json.dumps(document() | {part: settings}).replace("Infinity", "1e999")
    assert says in refusal(tmp_path, content.encode())


def test_folders_devices_and_missing_files_are_refused(tmp_path):
    with pytest.raises(ProjectFileError, match="is a folder"):
        load_project(tmp_path)
    with pytest.raises(ProjectFileError, match="There is no file"):
        load_project(tmp_path / "gone.loom")
    with pytest.raises(ProjectFileError, match="is not the name of a file"):
        load_project(Path("a\0b.loom"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.loom")
    with pytest.raises(ProjectFileError, match="is a device"):
        load_project(tmp_path / "pipe.loom")


def test_a_huge_file_is_refused(tmp_path):
    with (tmp_path / "huge.loom").open("wb") as file:
        file.truncate(65_000_000)
    with pytest.raises(ProjectFileError, match="too large"):
        load_project(tmp_path / "huge.loom")


def _with_network(text):
    return f'{{"format": "layerloom", "version": {VERSION}, "network": {{{text}}}}}'.encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[" + b"{}," * 4_000_000, "at most 4.000.000 values"),
        (_with_network('"nodes": [' + "{}," * 1_000_000 + "{}]"), "nodes › 0 › name is missing"),
        (_with_network('"nodes": [' + '{"name":"a","layer":"ReLU"},' * 100_000 + "{}]"), "more than 100.000 entries"),
        (_with_network('"edges": [' + "1," * 1_000_000 + "1]"), "edges › 0 is 1, but a list is needed"),
        (_with_network(",".join(f'"a{key}": 1' for key in range(100_001))), "more than 100.000 keys"),
    ],
    ids=["values", "empty nodes", "nodes", "edges", "keys"],
)
def test_a_file_of_far_too_much_is_refused_at_the_first_error(tmp_path, content, reason):
    (tmp_path / "much.loom").write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(ProjectFileError, match=reason):
            load_project(tmp_path / "much.loom")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 500_000_000


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path):
    save_project(Project(), tmp_path / "net.loom")
    (tmp_path / "net.loom").chmod(0)
    with pytest.raises(ProjectFileError, match="permission denied"):
        load_project(tmp_path / "net.loom")


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "net.loom"
    save_project(Project(), path)
    before = path.read_bytes()

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProjectFileError, match=r"^net.loom could not be saved: the disk is full\. The file there is"):
        save_project(sample(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_says_so(tmp_path):
    with pytest.raises(ProjectFileError, match="could not be saved: no such file or directory"):
        save_project(Project(), tmp_path / "gone" / "net.loom")


def test_saving_keeps_the_permissions_and_follows_a_link(tmp_path):
    path, link = tmp_path / "net.loom", tmp_path / "link.loom"
    save_project(Project(), path)
    path.chmod(0o640)
    link.symlink_to(path)
    save_project(sample(), link)
    assert link.is_symlink()
    assert load_project(path) == sample()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_long_chain_opens_in_any_order_of_edges():
    entry = project_to_dict(Project())
    names = [f"relu{index}" for index in range(3000)]
    entry["network"]["nodes"] = [node(name) for name in names]
    edges = [[a, b, "input"] for a, b in itertools.pairwise(names)]
    entry["network"]["edges"] = edges[::-1]
    assert len(project_from_dict(entry).network.edges()) == 2999


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def places(value, path=()):
    """The path of every value inside a document."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


PLACES = [path for path in places(document()) if path]


@given(st.sampled_from(PLACES), values)
@settings(max_examples=400)
def test_a_wrong_value_anywhere_opens_or_says_why(path, value):
    spoilt = document()
    holder = spoilt
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    with contextlib.suppress(LayerloomError):
        project_from_dict(spoilt)
