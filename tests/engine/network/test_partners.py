"""Max unpooling: its pool is named by a wire, whatever happens to either."""

import pytest

from engine.layers import Shape
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.pooling import AvgPool2d, MaxPool2d
from engine.layers.reshaping import Flatten, Upsample, ZeroPad2d
from engine.layers.unpooling import MaxUnpool2d
from engine.network import Analyser, Edge, Network, NetworkError, State, analyse
from engine.network.blocks import group
from engine.network.clipboard import duplicate, fragment_to_json, insert_fragment
from engine.network.comparison import Match, compare
from engine.network.edits import add_after, insert_on_edge, remove_and_close_gap
from engine.network.rows import repeat_block

SWITCHES = Edge("pool1", "unpool1", "switches")


def drawing(*, size: int = 8) -> Network:
    """Input, convolution, pool, convolution, unpool, output."""
    network = Network("drawing")
    network.add(Input(height=size, width=size), "input")
    network.add(Conv2d(out_channels=4, kernel_size=3, padding=1), "conv1", inputs="input")
    network.add(MaxPool2d(), "pool1", inputs="conv1")
    network.add(Conv2d(out_channels=4, kernel_size=3, padding=1), "conv2", inputs="pool1")
    network.add(MaxUnpool2d(), "unpool1", inputs=["conv2", "pool1"])
    network.add(Output(), "output", inputs="unpool1")
    return network


def only_error(network):
    errors = analyse(network).blocking
    assert len(errors) == 1
    return errors[0]


def after(network, fix):
    other = network.copy()
    other.edit(fix.edit)
    return other


def test_an_unpooling_that_does_not_fit_has_the_field_of_what_it_unpools():
    network = Network()
    network.add(Input(channels=3, height=33, width=32), "input")
    pool = network.add(MaxPool2d(kernel_size=2, stride=2), inputs="input")
    wide = network.add(Upsample(scale=(2, 2)), inputs=pool)
    tall = network.add(ZeroPad2d(top=0, bottom=1, left=0, right=0), inputs=wide)
    network.add(MaxUnpool2d(), "unpool", inputs=(tall, pool))
    network.add(ReLU(), inputs="unpool")
    node = analyse(network)["unpool"]
    assert node.problem.code == "switches_differ"
    assert node.output is not None
    assert node.receptive_field is not None


def test_it_gives_back_the_map_that_its_pool_read():
    analysis = analyse(drawing(size=9))
    assert analysis.ok
    found = analysis["unpool1"]
    assert found.sources == ("conv2", "pool1")
    assert found.inputs == (Shape(4, 4, 4), Shape(4, 9, 9))
    assert found.output == Shape(4, 9, 9)
    assert found.parameters == found.multiply_adds == 0
    assert found.summary() == "switches from pool1"
    assert "pool1" in found.explain()[0].note


def test_what_a_value_depends_on_goes_through_the_pool():
    fields = {name: node.receptive_field for name, node in analyse(drawing(size=12)).nodes.items()}
    assert fields["unpool1"].size == fields["conv2"].size == (8, 8)
    assert fields["unpool1"].jump == (1, 1)


@pytest.mark.parametrize(
    ("edit", "output"),
    [
        (lambda n: n.set_layer("pool1", MaxPool2d(kernel_size=3, padding=1)), Shape(4, 8, 8)),
        (lambda n: n.set_layer("pool1", MaxPool2d(kernel_size=4, stride=4)), Shape(4, 8, 8)),
        (lambda n: n.set_layer("input", Input(height=9, width=9)), Shape(4, 9, 9)),
        (lambda n: n.set_node("pool1", bypassed=True), Shape(4, 8, 8)),
        (lambda n: n.set_layer("pool1", AvgPool2d()), None),
        (lambda n: n.disconnect(n.incoming("pool1")[0]), None),
        (lambda n: n.rename("pool1", "down"), Shape(4, 8, 8)),
    ],
)
def test_it_follows_every_change_of_its_pool_at_once(edit, output):
    network = drawing()
    analyser = Analyser(network)
    analyser.update()
    changes = network.edit(edit)
    kept, whole = analyser.update(), analyse(network)
    assert kept == whole
    assert kept["unpool1"].problem or kept["unpool1"].output == output
    network.revert(changes)
    assert network == drawing()
    assert analyser.update() == analyse(drawing())
    analyser.close()


def test_a_change_of_its_pool_that_shows_in_no_shape_is_seen_too():
    network = drawing()
    analyser = Analyser(network)
    before = analyser.update()["unpool1"].layer
    network.set_layer("pool1", MaxPool2d(kernel_size=3, padding=1))
    assert analyser.update()["pool1"].output == Shape(4, 4, 4)
    assert "unpool1" in analyser.changed
    assert analyser.analysis["unpool1"].layer != before
    assert analyser.analysis["unpool1"].layer.call(*analyser.analysis["unpool1"].inputs).keywords["padding"] == (1, 1)
    analyser.close()


def test_something_else_than_a_max_pool_is_refused_by_name():
    network = drawing()
    network.disconnect(SWITCHES)
    network.add(ReLU(), "relu1", inputs="conv1")
    network.connect("relu1", "unpool1", "switches")
    problem = only_error(network)
    assert (problem.code, problem.port) == ("wrong_partner", "switches")
    assert problem.message == "unpool1 takes its switches from a max pool, but relu1 (ReLU) is none."
    assert "'switches'" in problem.hint
    fix = next(fix for fix in problem.fixes if fix.label == "Take the switches from pool1")
    assert fix.assumed == Shape(4, 8, 8)
    assert SWITCHES in after(network, fix).edges()


def test_a_bypassed_pool_has_no_switches():
    network = drawing()
    network.set_node("pool1", bypassed=True)
    assert only_error(network).message == "unpool1 takes its switches from a max pool, but pool1 is bypassed."


def test_a_missing_wire_is_offered():
    network = drawing()
    network.disconnect(SWITCHES)
    problem = only_error(network)
    assert problem.hint.startswith("Connect a max pool")
    fixed = after(network, problem.fixes[0])
    assert problem.fixes[0].label == "Take the switches from pool1"
    assert analyse(fixed).ok


def test_maps_that_do_not_go_with_the_pool_are_named_with_both_shapes():
    network = drawing()
    network.set_layer("conv2", Conv2d(out_channels=6, kernel_size=3, padding=1))
    problem = only_error(network)
    assert problem.message == "Max unpool needs 4×4×4, as pool1 gives, but conv2 gives 6×4×4."
    assert (problem.port, problem.short) == ("input", "needs 4×4×4")
    assert [fix.label for fix in problem.fixes] == ["Insert 1×1 projection", "Set conv2 to 4", "Remove unpool1"]
    assert all(analyse(after(network, fix)).ok for fix in problem.fixes)
    assert problem.fixes[0].assumed == Shape(4, 8, 8)


def test_a_fault_of_the_pool_is_reported_there_alone():
    network = drawing()
    network.set_layer("pool1", MaxPool2d(kernel_size=20))
    assert only_error(network).node == "pool1"
    assert analyse(network)["unpool1"].state is State.BLOCKED


def test_from_another_block_the_pool_goes_by_its_path():
    network = drawing()
    group(network, ["conv1", "pool1"], "encoder")
    group(network, ["conv2", "unpool1"], "decoder")
    assert analyse(network)["decoder.unpool1"].summary() == "switches from encoder › pool1"
    group(network, ["encoder", "decoder"], "body")
    assert analyse(network)["body.decoder.unpool1"].summary() == "switches from encoder › pool1"


def test_what_follows_the_pool_leaves_its_name_with_it():
    network = drawing()
    name = add_after(network, ReLU(), "pool1")
    assert Edge(name, "conv2") in network.edges()
    assert SWITCHES in network.edges()
    assert analyse(network).ok


def test_new_unpools_take_the_nearest_pool_that_no_other_names():
    network = Network()
    network.add(Input(channels=4, height=16, width=16), "input")
    network.add(MaxPool2d(), "pool1", inputs="input")
    network.add(MaxPool2d(), "pool2", inputs="pool1")
    network.add(MaxPool2d(), "beside", inputs="pool1")
    for number, pool in ((1, "pool2"), (2, "pool1")):
        name = add_after(network, MaxUnpool2d(), f"unpool{number - 1}" if number > 1 else "pool2")
        assert network.incoming(name)[1] == Edge(pool, f"unpool{number}", "switches")
        assert analyse(network)[name].state is State.KNOWN
    third = add_after(network, MaxUnpool2d(), "unpool2")
    assert len(network.incoming(third)) == 1


def test_nothing_goes_into_a_wire_that_names():
    network = drawing()
    before = network.copy()
    with pytest.raises(NetworkError, match=r"only says where unpool1 takes its switches from"):
        network.edit(lambda n: insert_on_edge(n, ReLU(), SWITCHES))
    assert network == before


def test_the_name_goes_with_a_removed_pool():
    network = drawing()
    remove_and_close_gap(network, ["pool1"])
    assert [edge.port for edge in network.incoming("unpool1")] == ["input"]
    assert Edge("conv1", "conv2") in network.edges()


def test_a_removed_unpool_lets_its_map_pass():
    network = drawing()
    remove_and_close_gap(network, ["unpool1"])
    assert network.incoming("output") == (Edge("conv2", "output"),)


def test_a_copy_has_the_copied_pool_or_waits_for_one():
    network = drawing()
    text = fragment_to_json(network, ["pool1", "conv2", "unpool1"])
    pool, _, unpool = insert_fragment(network, text)
    assert Edge(pool, unpool, "switches") in network.edges()
    (alone,) = insert_fragment(network, fragment_to_json(network, ["unpool1"]))
    assert analyse(network)[alone].problem.code == "input_missing"
    (wired,) = duplicate(network, ["unpool1"], wires=True)
    assert Edge("pool1", wired, "switches") in network.edges()
    assert analyse(network)[wired].state is State.KNOWN


def test_a_repeated_encoder_keeps_the_pool_that_is_named():
    network = drawing()
    network.set_layer("pool1", MaxPool2d(kernel_size=3, stride=1, padding=1))
    network.set_layer("conv1", Conv2d(out_channels=3, kernel_size=3, padding=1))
    network.set_layer("conv2", Conv2d(out_channels=3, kernel_size=3, padding=1))
    group(network, ["conv1", "pool1"], "stage")
    assert repeat_block(network, "stage", 2) == ["stage.0", "stage.1"]
    assert analyse(network).ok
    assert Edge("stage.0.pool1", "unpool1", "switches") in network.edges()
    assert Edge("stage.1.pool1", "conv2") in network.edges()


def test_a_comparison_names_the_pools():
    other = drawing()
    other.add(MaxPool2d(), "pool2", inputs="conv1")
    other.disconnect(SWITCHES)
    other.connect("pool2", "unpool1", "switches")
    rows = {row.a.name: row for row in compare(drawing(), other).rows if row.a and row.b}
    assert rows["unpool1"].match is Match.CHANGED
    assert rows["unpool1"].b.summary == "switches from pool2"
    assert rows["conv2"].match is Match.SAME


def test_a_vector_into_a_layer_with_a_partner_is_told_with_a_fix():
    network = Network()
    network.add(Input(channels=4, height=8, width=8), "input")
    network.add(Flatten(), "flatten", inputs="input")
    network.add(MaxPool2d(), "pool", inputs="flatten")
    network.add(MaxUnpool2d(), "unpool", inputs=["pool", "pool"])
    network.add(Output(), "output", inputs="unpool")
    problem, *_ = analyse(network).errors
    assert problem.node == "pool"
    assert problem.fixes[0].label == "Insert Reshape"
    assert not analyse(after(network, problem.fixes[0])).errors
