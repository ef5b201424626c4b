"""What cannot train is refused before it starts, in one sentence with both numbers."""

import pytest
import torch
from small_training import settings, small_network

from engine.data.published import Digits
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.layers import LAYERS
from engine.network import Network, Severity, analyse
from engine.project import Project
from engine.recipe.optimisation import make_optimiser
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.recipe import Device
from engine.runs.preparing import prepare
from engine.tasks import Classification, Setup
from engine.tasks.common_problems import fitting_batch
from engine.tasks.refusal import NotTrainableError, require_trainable
from engine.training.failures import is_out_of_memory, out_of_memory


def refused(network, **values):
    """The sentence with which a project is refused."""
    with pytest.raises(NotTrainableError) as error:
        prepare(Project(network, DataSettings(), settings(**values)))
    assert error.value.code in ("network", "out_of_memory")
    return str(error.value)


def without(*removed):
    network = small_network()
    network.remove(*removed)
    return network


def test_an_empty_canvas():
    assert refused(Network()) == "There is no network to train. Draw one, or open a template."


def test_problems_are_listed_with_their_layers():
    network = without("flatten")
    network.connect("pool", "fc")
    assert refused(network).startswith(
        "The network has 1 problem. fc: Linear needs a vector, but pool gives an 8×4×4 map."
    )


def test_the_number_of_classes():
    assert refused(small_network(classes=8)) == (
        "Output gives 8 classes, Digits has 10. Set the last layer before output to 10 features."
    )


def test_a_layer_whose_maps_are_laid_in_a_row_cannot_set_the_number_of_classes():
    network = without("fc")
    network.connect("flatten", "output")
    problems = Classification().problems(Setup(network, analyse(network), Digits(), settings(), classes=10))
    (problem,) = (problem for problem in problems if problem.code == "classes_differ")
    assert [fix.label for fix in problem.fixes] == ["Insert Linear 10"]


def test_an_output_of_maps():
    network = without("flatten", "fc")
    network.connect("pool", "output")
    assert refused(network) == (
        "Output gives 8×4×4 maps, but Digits needs a vector of 10 classes. "
        "Flatten, or a global average pool and a Linear, make scores of maps."
    )


def test_two_inputs():
    network = small_network()
    network.add(LAYERS["Input"](channels=1, height=8, width=8), "second")
    network.add(LAYERS["Flatten"](), "flat", inputs="second")
    network.add(LAYERS["Output"](auxiliary=True), "aux", inputs="flat")
    assert refused(network) == "Training feeds one input, the network has 2."


def test_an_input_that_images_do_not_have():
    network = small_network()
    network.set_layer("input", LAYERS["Input"](channels=2, height=8, width=8))
    problems = Classification().problems(Setup(network, analyse(network), Digits(), settings()))
    assert [(problem.node, problem.message) for problem in problems if problem.code == "channels"] == [
        ("input", "The input takes 2 channels, images have 1 or 3.")
    ]


def test_no_folder():
    network = small_network()
    problems = Classification().problems(Setup(network, analyse(network), Folder(), settings()))
    assert [problem.code for problem in problems if problem.severity is Severity.ERROR] == ["no_data"]


def test_nothing_to_learn():
    network = without("conv", "bn", "relu", "pool", "fc")
    network.connect("input", "flatten")
    network.connect("flatten", "output")
    assert refused(network) == (
        "The network has nothing to learn: no layer has trainable parameters. "
        "Add a layer with weights, such as a convolution."
    )


@pytest.mark.parametrize(
    ("images", "batch_size", "said"),
    [
        (9, 3, ""),
        (8, 2, ""),
        (9, 2, ""),
        (2, 2, ""),
        (9, 1, "bn normalises over the batch, but the batch has one image."),
        (1, 2, "bn normalises over the batch, but the batch has one image."),
        (None, 2, ""),
        (None, 1, "bn normalises over the batch, but the batch has one image."),
    ],
)
def test_batch_norm_of_single_values_needs_two_images_in_every_batch(images, batch_size, said):
    network = small_network()
    network.set_layer("conv", LAYERS["Conv2d"](out_channels=8, kernel_size=8, padding=0))
    recipe = settings(batch_size=batch_size)
    problems = Classification().problems(Setup(network, analyse(network), Digits(), recipe, classes=10, images=images))
    found = [problem.message for problem in problems if problem.code == "one_image_a_batch"]
    assert found == ([said] if said else [])


def test_a_batch_beyond_memory_says_what_would_fit():
    network = small_network()
    analysis = analyse(network)

    def require(batch, images=5000, device=Device.CPU):
        recipe = settings(batch_size=batch, device=device)
        setup = Setup(network, analysis, Digits(), recipe, classes=10, images=images, free=2_000_000)
        require_trainable(Classification(), setup)

    with pytest.raises(
        NotTrainableError, match=r"Memory is full: batch 1000 needs about 0.0 GB, 0.0 GB are free."
    ) as error:
        require(1000)
    assert error.value.code == "out_of_memory"
    fitting = int(error.value.hint.split()[-1].rstrip("."))
    assert error.value.changes == {"batch_size": fitting}
    require(fitting)
    require(1000, images=100)
    require(fitting + 1, images=fitting + 2)  # which are shared out evenly
    require(1000, device=Device.CUDA)


@pytest.mark.parametrize(("optimiser", "copies"), [("sgd", 3), ("adamw", 4)])
def test_the_batch_that_fits_leaves_room_for_weights_gradients_and_moments(optimiser, copies):
    network = small_network()
    analysis = analyse(network)
    fixed, image = copies * 4 * analysis.parameters, analysis.activation_bytes(1)

    def fitting(free):
        return fitting_batch(Setup(network, analysis, Digits(), settings(optimiser=optimiser), free=free))

    assert fitting(fixed) == 0
    assert fitting(fixed + 20 * image) == 12  # all outputs 1.6 times, as the greediest networks need


@pytest.mark.parametrize("optimiser", [*OPTIMISERS, {"name": "sgd", "momentum": 0}])
def test_memory_counts_the_tensors_that_the_optimiser_keeps(optimiser):
    recipe = settings(optimiser=optimiser)
    weight = torch.nn.Parameter(torch.ones(2, 3))
    weight.grad = torch.ones(2, 3)
    made = make_optimiser(torch.nn.ParameterList([weight]), recipe)
    made.step()
    kept = [value for value in made.state[weight].values() if torch.is_tensor(value) and value.shape == weight.shape]
    assert recipe.optimiser.moments == len(kept)


def test_memory_that_torch_cannot_get_is_told_with_its_size():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**50)
    assert is_out_of_memory(caught.value)
    failed = out_of_memory(caught.value, device=torch.device("cpu"), batch_size=128)
    assert failed.code == "out_of_memory"
    assert failed.message == "Memory is full: batch 128 needed 4503599.6 GB more."
    assert failed.hint == "Try a batch of 64."
    assert not is_out_of_memory(RuntimeError("sizes do not match"))
