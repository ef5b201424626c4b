"""Where network and recipe do not go together: what is refused or warned of, and that what helps does help."""

import pytest
from small_training import settings, small_network
from two_digits import two_digits

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.layers.activation import ReLU, Sigmoid, Softmax, Tanh, ThresholdUnit
from engine.network import Severity, analyse
from engine.project import Project, problems_of
from engine.recipe.losses import LOSSES
from engine.recipe.schedules import SCHEDULES, Constant
from engine.runs.preparing import NotTrainableError, prepare
from templates import build


def ending_in(layer, *, classes=10):
    network = small_network(classes=classes, softmax=True)
    network.set_layer("softmax", layer)
    return network


def problems(network, data=None, **values):
    project = Project(network, data or DataSettings(), settings(**values))
    drawn = analyse(network).problems
    return {problem.code: problem for problem in problems_of(project) if problem not in drawn}


@pytest.mark.parametrize("loss", LOSSES)
def test_the_usual_network_is_no_problem_for_any_loss(loss):
    assert not problems(small_network(), loss=loss)


@pytest.mark.parametrize("loss", [name for name, kind in LOSSES.items() if not kind.takes_scores])
@pytest.mark.parametrize("layer", [Softmax(), Sigmoid(), Tanh()])
def test_distances_behind_limits_are_warned_of(loss, layer):
    network = ending_in(layer)
    (problem,) = problems(network, loss=loss).values()
    assert (problem.code, problem.node, problem.severity) == ("gradient_fades", "softmax", Severity.WARNING)
    assert problem.message.startswith(f"{LOSSES[loss].title} behind softmax learns slowly")
    problem.fixes[0].edit(network)
    assert not problems(network, loss=loss)
    assert not problems(ending_in(ReLU()), loss=loss)


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "binary_cross_entropy"])
def test_a_threshold_lets_no_gradient_through(loss):
    network = ending_in(ThresholdUnit())
    found = problems(network, loss=loss)
    assert list(found) == ["no_gradient"]
    assert found["no_gradient"].severity is Severity.ERROR
    with pytest.raises(NotTrainableError, match=r"softmax has no gradient: with .* nothing before it can learn"):
        prepare(Project(network, training=settings(loss=loss)))
    found["no_gradient"].fixes[0].edit(network)
    assert not problems(network, loss=loss)


def test_a_threshold_at_the_end_is_left_out_by_binary_cross_entropy_alone():
    assert not problems(ending_in(ThresholdUnit()), loss="binary_cross_entropy")
    inside = small_network()
    inside.set_layer("relu", ThresholdUnit())
    assert list(problems(inside, loss="binary_cross_entropy")) == ["no_gradient"]


def test_a_threshold_before_which_nothing_learns_is_fine():
    network = small_network()
    network.set_layer("relu", ThresholdUnit())
    network.remove("conv", "bn")
    network.connect("input", "relu")
    assert not problems(network)


@pytest.fixture
def two(tmp_path):
    return DataSettings(source=Folder(path=str(two_digits(tmp_path / "two", most=30))))


class TestOneOutput:
    def test_is_refused_by_a_loss_that_needs_one_a_class(self, two):
        network = build("perceptron", classes=1, input_size=8)
        network.remove("threshold")
        network.connect("neuron", "output")
        found = problems(network, two)
        assert found["classes_differ"].message == "Output gives 1 class, the folder has 2."
        assert found["classes_differ"].hint.endswith(", or choose Binary cross-entropy as the loss.")
        assert not problems(network, two, loss="binary_cross_entropy")
        assert not problems(network, two, loss="mse")

    def test_tells_two_classes_apart_and_no_more(self):
        network = build("perceptron", classes=1, input_size=8)
        found = problems(network, loss="binary_cross_entropy")["classes_differ"]
        assert found.message == "Output gives one score, which tells 2 classes apart, Digits has 10."
        found.fixes[0].edit(network)
        assert not problems(network, loss="binary_cross_entropy")

    def test_is_not_needed(self, two):
        assert not problems(build("perceptron", classes=2, input_size=8), two, loss="binary_cross_entropy")


@pytest.fixture
def depending():
    class Waiting(Constant):
        name = "waiting"
        title = "Waiting"
        depends_on_run = True

    SCHEDULES.register(Waiting)
    yield "waiting"
    SCHEDULES.unregister("waiting")


def test_a_schedule_that_depends_on_the_run_is_warned_of_where_nothing_validates(depending):
    none = DataSettings(split=SplitSettings(validation=0.0))
    found = problems(small_network(), none, schedule=depending)["plateau_without_validation"]
    assert found.severity is Severity.WARNING
    assert found.message.startswith("No images validate, so waiting goes by the training accuracy")
    assert not problems(small_network(), none)
    assert not problems(small_network(), schedule=depending)
    notes = prepare(Project(small_network(), none, settings(schedule=depending))).notes
    assert found.message in notes


def mended(problem, **values):
    """The recipe with what the problem suggests."""
    dumped = settings(**values).model_dump() | problem.suggestions[0].settings
    return {name: dumped[name] for name in (*values, *problem.suggestions[0].settings)}


@pytest.mark.parametrize("optimiser", ["adamw", {"name": "nadam", "decoupled_weight_decay": True}])
def test_two_ways_to_shrink_the_weights_are_told(optimiser):
    values = {"optimiser": optimiser, "weight_decay": 0.05, "l2": 0.01}
    (problem,) = problems(small_network(), **values).values()
    assert (problem.code, problem.setting, problem.severity) == ("penalty_twice", "l2", Severity.WARNING)
    assert problem.message == "L2 and decoupled decay both shrink the weights."
    assert not problems(small_network(), **mended(problem, **values))
    for fine in ({"optimiser": "sgd"}, {"optimiser": "nadam"}, {"l2": 0.0}, {"weight_decay": 0.0}):
        assert not problems(small_network(), **(values | fine))


def test_batch_norm_does_not_see_what_is_accumulated():
    network = build("resnet", depth=18, input_size=32)
    found = problems(network, batch_size=64, accumulate=2)
    problem = found["norm_sees_less"]
    assert problem.message == "Batch norm sees 64 images, not 128."
    assert problem.setting == "accumulate"
    assert "norm_sees_less" not in problems(network, batch_size=64)
    assert "norm_sees_less" not in problems(build("lenet5"), batch_size=64, accumulate=2)
    for name in network:
        if network.layer(name).normalises_over_batch:
            network.set_node(name, frozen=True)
    assert "norm_sees_less" not in problems(network, batch_size=64, accumulate=2)


@pytest.mark.parametrize(
    ("values", "code", "setting"),
    [
        ({"batch_size": 64, "accumulate": 10_000}, "accumulation", "accumulate"),
        ({"schedule": "plateau"}, "plateau_without_validation", "schedule"),
    ],
)
def test_what_a_recipe_suggests_cures_its_problem(values, code, setting):
    data = DataSettings(split=SplitSettings(validation=0))
    problem = problems(small_network(), data, **values)[code]
    assert problem.setting == setting
    assert code not in problems(small_network(), data, **mended(problem, **values))
