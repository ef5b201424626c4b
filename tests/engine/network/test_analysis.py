"""Analysis: shapes, costs and receptive fields, kept current through any edits."""

import pytest
from drawings import BLOCKS, POOLS, chain, layers, networks, residual
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.layers import Shape
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add, Concat
from engine.layers.pooling import MaxPool2d
from engine.layers.reshaping import Flatten, Upsample, ZeroPad2d
from engine.layers.unpooling import MaxUnpool2d
from engine.network import Analyser, Network, NetworkError, Point, State, analyse
from engine.network.blocks import group, ungroup
from engine.network.edits import remove_and_close_gap


def line(*stack):
    """A network of layers in a row, named after their place: l0, l1 …"""
    network = Network()
    for index, layer in enumerate(stack):
        network.add(layer, f"l{index}", inputs=f"l{index - 1}" if index else ())
    return network


def lenet():
    return line(
        Input(channels=1),
        Conv2d(out_channels=6, kernel_size=5),
        MaxPool2d(),
        Conv2d(out_channels=16, kernel_size=5),
        MaxPool2d(),
        Flatten(),
        Linear(out_features=120),
        Linear(out_features=84),
        Linear(out_features=10),
        Output(),
    )


def test_lenet_has_the_shapes_and_costs_of_its_paper():
    analysis = analyse(lenet())
    assert analysis.ok
    assert [str(node.output) for node in analysis.nodes.values()] == [
        *("1×32×32", "6×28×28", "6×14×14", "16×10×10", "16×5×5", "400", "120", "84", "10", "10")
    ]
    assert analysis.parameters == analysis.trainable_parameters == 61_706
    assert analysis.multiply_adds == 117_600 + 240_000 + 48_000 + 10_080 + 840
    assert analysis.activation_bytes(batch=2) == 8 * sum(n.activation_elements for n in analysis.nodes.values())


def test_receptive_fields_follow_the_recurrences():
    fields = [node.receptive_field for node in analyse(lenet()).nodes.values()]
    assert [field.size for field in fields[:5]] == [(1, 1), (5, 5), (6, 6), (14, 14), (16, 16)]
    assert [field.jump for field in fields[:5]] == [(1, 1), (1, 1), (2, 2), (2, 2), (4, 4)]
    assert fields[4].at(0, 0) == ((0, 15), (0, 15))
    assert fields[5].size == fields[-1].size == (32, 32)
    assert fields[5].size == fields[5].image


def test_padding_moves_the_first_field_and_dilation_widens_it():
    analysis = analyse(line(Input(), Conv2d(kernel_size=3, padding=1), Conv2d(kernel_size=3, dilation=2)))
    assert analysis["l1"].receptive_field.at(0, 1) == ((0, 1), (0, 2))
    assert analysis["l2"].receptive_field.size == (7, 7)
    assert analysis["l2"].receptive_field.at(0, 1) == ((0, 5), (0, 6))


def test_enlarging_makes_jumps_smaller_and_padding_only_moves():
    analysis = analyse(line(Input(), MaxPool2d(), Upsample(), ZeroPad2d()))
    assert analysis["l1"].receptive_field.jump == (2, 2)
    assert analysis["l2"].receptive_field.jump == (1, 1)
    assert analysis["l2"].receptive_field.at(1, 2) == ((0, 1), (2, 3))
    assert analysis["l3"].receptive_field.at(1, 2) == ((0, 1), (0, 1))
    assert analysis["l3"].receptive_field.at(0, 2) is None


def test_a_global_pool_sees_the_whole_input():
    field = analyse(line(Input(), GlobalAvgPool()))["l1"].receptive_field
    assert field.size == field.image


def test_where_paths_meet_the_widest_field_counts():
    network = line(Input(), Conv2d(out_channels=3, kernel_size=5, padding=2))
    network.add(Add(), "add", inputs=["l1", "l0"])
    assert analyse(network)["add"].receptive_field.size == (5, 5)


def test_frozen_parameters_do_not_train():
    network = lenet()
    network.set_node("l8", frozen=True)
    assert analyse(network).trainable_parameters == 61_706 - 850


def test_a_bypassed_node_passes_its_input_on_and_costs_nothing():
    network = lenet()
    network.set_node("l7", bypassed=True)
    analysis = analyse(network)
    assert analysis["l7"].output == Shape(120)
    assert analysis["l7"].parameters == analysis["l7"].multiply_adds == 0
    assert analysis["l8"].parameters == 1210
    assert analysis["l8"].explain()
    assert not analysis["l7"].explain()


def test_a_bypassed_layer_need_not_fit():
    network = line(Input(height=5, width=5), Conv2d(kernel_size=9), Output())
    network.set_node("l1", bypassed=True)
    found = analyse(network)["l1"]
    assert found.output == Shape(3, 5, 5)
    assert found.explain() == []
    assert found.summary().startswith("9×9")


def test_several_inputs_and_outputs():
    network = Network()
    network.add(Input(channels=1, height=8, width=8), "left")
    network.add(Input(channels=2, height=8, width=8), "right")
    network.add(Concat(), "join", inputs=["left", "right"])
    network.add(Output(), "maps", inputs="join")
    network.add(Output(auxiliary=True), "early", inputs="left")
    analysis = analyse(network)
    assert analysis.ok
    assert not analysis.problems
    assert analysis["maps"].output == Shape(3, 8, 8)
    assert analysis["join"].sources == ("left", "right")


def test_only_what_lies_below_an_edit_is_visited():
    network = chain(50)
    analyser = Analyser(network)
    analyser.update()
    assert analyser.visited == 51
    analyser.update()
    assert analyser.visited == 0
    network.set_layer("input", Input(height=16))
    analyser.update()
    assert analyser.visited == 51
    network.add(Conv2d(), "conv", inputs="relu40")
    analyser.update()
    assert analyser.visited == 1
    assert analyser.changed == {"conv"}


def test_a_visit_ends_where_results_stay_the_same():
    network = lenet()
    analyser = Analyser(network)
    analyser.update()
    network.set_layer("l6", Linear(out_features=120, bias=False))
    analyser.update()
    assert analyser.visited == 1
    assert analyser.changed == {"l6"}
    network.set_layer("l1", Conv2d(out_channels=6, kernel_size=5, stride=2, padding=16))
    analyser.update()
    assert analyser.changed <= {"l1", "l2", "l3", "l4"}


def test_moving_and_collapsing_visit_nothing_and_keep_the_analysis():
    network = residual()
    analyser = Analyser(network)
    before = analyser.update()
    network.set_node("fc", position=Point(8, 8))
    network.set_block("layer1", collapsed=True)
    assert analyser.update() is before
    assert analyser.visited == 0
    assert analyser.changed == frozenset()


def test_a_closed_analyser_no_longer_listens():
    network = residual()
    analyser = Analyser(network)
    before = analyser.update()
    analyser.close()
    network.remove("fc")
    assert analyser.update() is before


def test_analysing_inside_an_edit_is_allowed():
    network = residual()
    network.add(Add(), "loose")
    changes = network.edit(lambda n: (n.remove("loose"), analyse(n), n.remove("fc")))
    assert len(changes) == 4
    assert "fc" not in network


@given(networks())
def test_the_order_is_topological_and_states_agree_with_problems(network):
    analysis = analyse(network)
    place = {name: index for index, name in enumerate(analysis.nodes)}
    assert all(place[edge.source] < place[edge.target] for edge in network.edges())
    for node in analysis.nodes.values():
        assert (node.output is None) == (node.state is State.BLOCKED)
        if node.problem:
            assert node.problem in analysis.problems


class Editing(RuleBasedStateMachine):
    """Any edits: the kept analysis is the whole one, and undo leads back step by step."""

    @initialize()
    def begin(self):
        self.network = Network()
        self.analyser = Analyser(self.network)
        self.steps = []

    def edit(self, change):
        before = self.network.copy()
        try:
            changes = self.network.edit(change)
        except NetworkError:
            assert self.network == before
        else:
            self.steps.append((before, changes))

    def pick(self, data):
        return data.draw(st.sampled_from(list(self.network)))

    @rule(layer=layers(), block=st.sampled_from(BLOCKS), data=st.data())
    def add(self, layer, block, data):
        sources = data.draw(st.lists(st.sampled_from(list(self.network)), max_size=2)) if len(self.network) else []
        self.edit(lambda n: n.add(layer, block=block, inputs=sources))

    @precondition(lambda self: len(self.network))
    @rule(data=st.data(), pool=st.sampled_from(POOLS), far=st.booleans())
    def unpool(self, data, pool, far):
        """Undo a new pool at once, or what stands somewhere with a pool that stands somewhere."""
        pools = [name for name in self.network if isinstance(self.network.layer(name), MaxPool2d)]
        source = self.pick(data)
        if far and pools:
            partner = data.draw(st.sampled_from(pools))
            self.edit(lambda n: n.add(MaxUnpool2d(), inputs=[source, partner]))
        else:
            self.edit(lambda n: n.add(MaxUnpool2d(), inputs=[n.add(pool, "", inputs=source)] * 2))

    @precondition(lambda self: len(self.network))
    @rule(data=st.data())
    def connect(self, data):
        source, target = self.pick(data), self.pick(data)
        self.edit(lambda n: n.connect(source, target))

    @precondition(lambda self: self.network.edges())
    @rule(data=st.data())
    def disconnect(self, data):
        edge = data.draw(st.sampled_from(self.network.edges()))
        self.edit(lambda n: n.disconnect(edge))

    @precondition(lambda self: len(self.network))
    @rule(data=st.data(), layer=layers())
    def change(self, data, layer):
        name = self.pick(data)
        self.edit(lambda n: n.set_layer(name, layer))

    @precondition(lambda self: len(self.network))
    @rule(data=st.data(), field=st.sampled_from(["frozen", "bypassed"]), on=st.booleans())
    def switch(self, data, field, on):
        name = self.pick(data)
        self.edit(lambda n: n.set_node(name, **{field: on}))

    @precondition(lambda self: len(self.network))
    @rule(data=st.data())
    def rename(self, data):
        name = self.pick(data)
        self.edit(lambda n: n.rename(name, n.free_name("renamed")))

    @precondition(lambda self: len(self.network))
    @rule(data=st.data())
    def remove(self, data):
        name = self.pick(data)
        self.edit(lambda n: remove_and_close_gap(n, [name]))

    @precondition(lambda self: len(self.network))
    @rule(data=st.data())
    def group(self, data):
        names = data.draw(st.lists(st.sampled_from(list(self.network)), min_size=1, max_size=3, unique=True))
        self.edit(lambda n: group(n, names))

    @precondition(lambda self: self.network.block_prefixes())
    @rule(data=st.data())
    def ungroup(self, data):
        prefix = data.draw(st.sampled_from(self.network.block_prefixes()))
        self.edit(lambda n: ungroup(n, prefix))

    @rule(data=st.data())
    def fix(self, data):
        fixes = [fix for problem in self.analyser.update().problems for fix in problem.fixes]
        if fixes:
            self.edit(data.draw(st.sampled_from(fixes)).edit)

    @precondition(lambda self: self.steps)
    @rule()
    def undo(self):
        before, changes = self.steps.pop()
        self.network.revert(changes)
        assert self.network == before

    @invariant()
    def agrees_with_the_whole_analysis(self):
        kept, whole = self.analyser.update(), analyse(self.network)
        assert list(kept.nodes) == list(whole.nodes)
        assert kept == whole

    def teardown(self):
        while self.steps:
            self.undo()
        self.analyser.close()


TestEditing = pytest.mark.slow(Editing.TestCase)
TestEditing.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("layer", [ReLU(), Conv2d(), Add()])
def test_a_layer_alone_is_unfinished_and_nothing_worse(layer):
    network = Network()
    network.add(layer)
    analysis = analyse(network)
    assert {problem.code for problem in analysis.unfinished} == {"no_input", "no_output"}
    assert not analysis.errors
    assert not analysis.ok
