"""The network itself: what it refuses, what it announces, and that every change has its inverse."""

import pytest
from drawings import networks, residual
from hypothesis import given

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.merge import Add
from engine.network import Edge, Network, Point
from engine.network.errors import (
    BadNameError,
    CycleError,
    NameTakenError,
    NetworkError,
    PortError,
    UnknownNodeError,
)
from engine.network.names import RESERVED, inside, leaf, parent, prefixes, why_not_a_name


@pytest.fixture
def network():
    found = Network()
    found.add(Input(), "input")
    found.add(ReLU(), "stage.relu", inputs="input")
    found.add(Add(), "stage.add", inputs=["stage.relu", "input"])
    return found


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (lambda n: n.add(ReLU(), "input"), NameTakenError),
        (lambda n: n.add(ReLU(), "stage"), NameTakenError),
        (lambda n: n.add(ReLU(), "input.relu"), NameTakenError),
        (lambda n: n.add(ReLU(), "a b"), BadNameError),
        (lambda n: n.add(ReLU(), "a.forward"), BadNameError),
        (lambda n: n.add(ReLU(), "class"), BadNameError),
        (lambda n: n.add(ReLU(), "7"), BadNameError),
        (lambda n: n.remove("gone"), UnknownNodeError),
        (lambda n: n.rename("gone", "here"), UnknownNodeError),
        (lambda n: n.rename("input", "stage"), NameTakenError),
        (lambda n: n.connect("input", "stage.relu"), PortError),
        (lambda n: n.connect("input", "stage.add", "input0"), PortError),
        (lambda n: n.connect("input", "stage.add", "side"), PortError),
        (lambda n: n.connect("stage.add", "input"), PortError),
        (lambda n: n.connect("stage.add", "stage.add"), CycleError),
        (lambda n: n.disconnect(Edge("input", "stage.add", "input7")), PortError),
        (lambda n: n.set_layer("stage.add", ReLU()), PortError),
        (lambda n: n.set_layer("input", Output()), PortError),
        (lambda n: n.set_node("input", bypassed=True), NetworkError),
    ],
)
def test_the_impossible_is_refused_and_nothing_changes(network, edit, error):
    before = network.copy()
    with pytest.raises(error):
        network.edit(edit)
    assert network == before


def test_a_cycle_is_refused(network):
    network.add(Add(), "sum", inputs="stage.add")
    network.disconnect(Edge("stage.relu", "stage.add", "input0"))
    with pytest.raises(CycleError, match=r"sum depends on stage.add: an edge back would make a cycle\."):
        network.connect("sum", "stage.add")


def test_names_are_read_in_the_order_nodes_came_in_and_topologically(network):
    network.add(Conv2d(), "first")
    network.connect("first", "stage.add")
    assert list(network) == ["input", "stage.relu", "stage.add", "first"]
    assert network.topological() == ["input", "stage.relu", "first", "stage.add"]
    assert [network.place(name) for name in network.topological()] == [0, 1, 2, 3]


def test_edges_are_read_in_port_and_target_order(network):
    assert network.incoming("stage.add") == (
        Edge("stage.relu", "stage.add", "input0"),
        Edge("input", "stage.add", "input1"),
    )
    assert [edge.target for edge in network.outgoing("input")] == ["stage.relu", "stage.add"]


def test_blocks_follow_from_names(network):
    assert network.block_prefixes() == ("stage",)
    assert network.children("") == ("input", "stage")
    assert network.members("stage") == network.children("stage") == ("stage.relu", "stage.add")
    network.remove("stage.relu", "stage.add")
    assert not network.is_block("stage")


def test_changes_are_announced_after_they_happened(network):
    seen = []
    network.changed.connect(lambda change: seen.append((type(change).__name__, len(network))))
    network.add(ReLU(), "relu", inputs="stage.add")
    network.set_node("relu", position=Point(8, 8))
    network.set_node("relu", position=Point(8, 8))
    network.remove("relu")
    assert [name for name, _ in seen] == ["NodeAdded", "EdgeAdded", "NodeChanged", "EdgeRemoved", "NodeRemoved"]
    assert seen[0][1] == 4


def test_a_rehearsal_announces_nothing_and_may_be_nested(network):
    seen = []
    network.changed.connect(seen.append)
    before = network.copy()

    def edit(n):
        n.add(ReLU(), "one")
        assert len(n.rehearse(lambda m: m.add(ReLU(), "two"))) == 1
        assert "two" not in n

    assert len(network.rehearse(edit)) == 1
    assert seen == []
    assert network == before


def test_edits_heed_places_again_after_a_rehearsal_that_did_not(network):
    heeded = []

    def rehearse():
        with network.rehearsal(places=False):
            heeded.append(network.heeds_places)
            with network.rehearsal():
                heeded.append(network.heeds_places)
            heeded.append(network.heeds_places)
            network.remove("no such node")

    with pytest.raises(UnknownNodeError):
        rehearse()
    assert [*heeded, network.heeds_places] == [False, True, False, True]


@given(networks())
def test_a_copy_is_equal_and_apart(network):
    other = network.copy()
    assert other == network
    other.add(ReLU(), "fresh")
    assert other != network
    assert "fresh" not in network


@given(networks())
def test_removing_everything_can_be_undone(network):
    before = network.copy()
    changes = network.edit(lambda n: n.remove(*n))
    assert len(network) == 0
    network.revert(changes)
    assert network == before


def test_names_and_their_parts():
    assert (parent("a.b.c"), leaf("a.b.c"), prefixes("a.b.c")) == ("a.b", "c", ("a", "a.b"))
    assert inside("a.b", "a")
    assert inside("a", "")
    assert not inside("ab", "a")
    assert why_not_a_name("layer1.0.conv1") is None
    assert why_not_a_name("features.0") is None


def test_names_that_torch_needs_are_reserved():
    torch = pytest.importorskip("torch")
    module = torch.fx.symbolic_trace(torch.nn.ReLU())
    needed = {*dir(torch.nn.Module), *dir(module), *torch.nn.Module.__annotations__}
    assert {name for name in needed if not name.startswith("_")} <= RESERVED


def test_equality_sees_order_edges_and_notes():
    one, two = residual(), residual()
    assert one == two
    two.set_block("layer1", collapsed=True)
    assert one != two
