"""How good an altered network is on a part of a run's images, and which units it can do without."""

import numpy as np
import pytest
import torch
from small_training import settings, small_network

from engine.compiling.changing import changed_network
from engine.data.progress import CancelledError
from engine.errors import LayerloomError
from engine.evaluation.evaluating import evaluate
from engine.inspection import Ablation, Alteration, FeatureMaps
from engine.inspection.damages import Noise, damaged
from engine.inspection.interventions import Mean, Off
from engine.inspection.lens import Lens
from engine.inspection.measuring import measured
from engine.inspection.pictures import picture
from engine.inspection.results import NotShownError
from engine.inspection.sight import Asked
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks import Classification


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of a small network, which ends in a softmax, on the digits."""
    place = tmp_path_factory.mktemp("measured") / "run"
    list(run_project(Project(small_network(softmax=True), training=settings(epochs=3)), place))
    return RunFolder(place)


@pytest.fixture
def lens(run):
    found = Lens.of_run(run)
    found.load(run.weights())
    return found


def off(*units, node="conv"):
    return Alteration(units=[Off(node=node, units=units)])


def by_hand(lens, change, damages=(), part="validation"):
    """The share of a part that a changed copy of the network gets right, image after image."""
    split = lens.images.part(part)
    module = changed_network(lens.own.module, lens.network, change)
    pixels = damaged(torch.from_numpy(split.images(range(len(split)))), damages)
    with torch.no_grad():
        told = [int(module(split.pipeline.normalisation(one[None])).argmax()) for one in pixels]
    return float(np.mean(np.array(told) == split.targets.values))


def without(node, unit):
    def change(name, value):
        return value * (torch.arange(value.shape[1]) != unit).view(1, -1, 1, 1) if name == node else value

    return change


def test_a_network_as_it_is_has_the_accuracy_that_its_evaluation_says(lens, run):
    for part in ("train", "validation", "test"):
        figure, expected = measured(lens, part), evaluate(run, part)
        assert (figure.value, figure.images) == (pytest.approx(expected.accuracy), expected.images)
    assert measured(lens, "validation").said.endswith(" % on 270 validation images")
    assert measured(lens, "validation").said.startswith("accuracy ")


def test_an_altered_one_has_that_of_a_forward_pass_by_hand(lens):
    altered = lens.altered(off(2))
    assert measured(altered, "validation").value == pytest.approx(by_hand(lens, without("conv", 2)))
    noise = (Noise(amount=0.5),)
    spoiled = lens.altered(Alteration(damages=noise))
    assert measured(spoiled, "validation").value == pytest.approx(by_hand(lens, lambda _, value: value, noise))
    assert measured(spoiled, "validation").value < measured(lens, "validation").value


def test_means_are_those_over_all_images_and_places(lens):
    split = lens.images.part("validation")
    with torch.no_grad():
        maps = lens.values(split.pipeline(torch.from_numpy(split.images(range(len(split))))), ("conv", "fc"))
    for node, expected in (("conv", maps["conv"].mean((0, 2, 3))), ("fc", maps["fc"].mean(0))):
        altered = lens.altered(Alteration(units=[Mean(node=node, units=(1, 3))]))
        found = altered.values(altered.prepare(np.zeros((1, 8, 8), np.uint8)), (node,))[node][0]
        for unit in (1, 3):
            torch.testing.assert_close(found[unit], expected[unit].expand_as(found[unit]), rtol=1e-5, atol=1e-6)
    other = {name: value + 1 for name, value in lens.module.state_dict().items()}
    lens.load(other)
    again = lens.altered(Alteration(units=[Mean(node="fc", units=(1,))]))
    new = again.values(again.prepare(np.zeros((1, 8, 8), np.uint8)), ("fc",))["fc"][0]
    assert abs(float(new[1] - expected[1])) > 0.1


@pytest.mark.parametrize("node", ["conv", "relu", "fc"])
def test_units_are_ranked_by_what_is_lost_without_each(lens, node):
    found = lens.show(Asked(Ablation(), node))
    assert found.before == pytest.approx(measured(lens, "validation").value)
    alone = [measured(lens.altered(off(unit, node=node)), "validation").value for unit in range(len(found.values))]
    assert found.values == pytest.approx(alone)
    assert len(alone) == lens.module.get_submodule("fc" if node == "fc" else "conv").bias.numel()
    falls = [found.falls[unit] for unit in found.order]
    assert falls == sorted(falls, reverse=True)
    assert [one["unit"] for one in found.to_json()["units"]] == list(found.order)
    assert picture(found).shape == (8 * len(found.values), 242)


def test_units_of_an_altered_network_are_ranked_as_it_is(lens):
    altered = lens.altered(
        Alteration(units=[Off(node="conv", units=(0, 5)), Off(node="fc", units=(3,))], damages=[Noise()])
    )
    found = altered.show(Asked(Ablation(part="test"), "relu"))
    assert found.before == pytest.approx(measured(altered, "test").value)
    more = lens.altered(altered.alteration.with_units(*off(2, node="relu").units))
    assert found.values[2] == pytest.approx(measured(more, "test").value)


def test_what_looks_at_all_images_is_kept_until_other_weights_come(lens):
    asked = Asked(Ablation(), "conv")
    found = lens.show(asked)
    assert lens.show(asked) is found
    assert lens.show(Asked(Ablation(part="test"), "conv")) is not found
    lens.load(lens.module.state_dict())
    assert lens.show(asked) is not found


@pytest.mark.parametrize("calls", [1, 2, 5])
def test_what_is_called_off_leaves_everything_as_it_was(lens, calls):
    heard = []
    state = {name: value.clone() for name, value in lens.module.state_dict().items()}

    def hear(progress):
        heard.append(progress)
        return len(heard) < calls

    expected = lens.show(Asked(FeatureMaps(), "conv")).array
    lens.images.listener = hear
    ways = (lambda: measured(lens.altered(off(1)), "test"), lambda: lens.show(Asked(Ablation(), "conv")))
    for ask in ways:
        heard.clear()
        with pytest.raises(CancelledError):
            [ask() for _ in range(3)]  # one pass may report less than five times
        assert len(heard) == calls
    lens.images.listener = None
    assert all(torch.equal(value, state[name]) for name, value in lens.module.state_dict().items())
    assert not any(module.training for module in lens.module.modules())
    np.testing.assert_array_equal(lens.show(Asked(FeatureMaps(), "conv")).array, expected)
    assert measured(lens, "test").images == 270


def test_a_drawing_has_no_images_to_measure_on(lens):
    drawn = Lens(small_network(), task=Classification())
    for ask in (lambda: measured(drawn, "test"), lambda: drawn.show(Asked(Ablation(part="test"), "conv"))):
        with pytest.raises(LayerloomError, match=r"^There are no images for small: train it on a data set first\.$"):
            ask()
    with pytest.raises(LayerloomError, match="There is no part 'tests'"):
        measured(lens, "tests")


@pytest.mark.parametrize("node", ["softmax", "output"])
def test_units_behind_the_answer_change_none_which_is_said_instead_of_told_as_a_finding(lens, node):
    with pytest.raises(NotShownError, match=f"^{node} comes after fc, which gives the answer.$") as refused:
        lens.show(Asked(Ablation(), node))
    assert refused.value.instead == "fc"


@pytest.mark.parametrize(("maps", "values"), [(False, "3"), (True, "8×4×4")])
def test_a_network_that_cannot_tell_the_classes_of_its_images_apart_is_not_judged(maps, values):
    network = small_network(classes=3)
    if maps:
        network.remove("flatten")
        network.remove("fc")
        network.connect("pool", "output")
    lens = Lens.of_project(Project(network))
    for judge in (lambda: measured(lens, "test"), lambda: lens.show(Asked(Ablation(), "conv"))):
        with pytest.raises(LayerloomError, match=f" gives {values} values, but the images show 10 classes: change"):
            judge()
