"""The losses: against torch's own or the closed form, what they mean by outputs, and that networks learn by each."""

import pytest
import torch
from small_training import settings, small_data, small_network
from torch.nn import functional

from engine.compiling import compile_network
from engine.layers.activation import ReLU, Sigmoid, Softmax, Tanh, ThresholdUnit
from engine.recipe.losses import LOSSES, BinaryCrossEntropy, CrossEntropy, KLDivergence, MeanAbsolute, MeanSquared
from engine.recipe.metrics import Accuracy
from engine.tasks import Classification
from engine.tasks.heads import heads_of, left_out_for
from engine.tasks.loss_words import loss_notes
from engine.training.events import EpochDone
from engine.training.loop import train

CLASSES, IMAGES = 5, 40
ONE_HOT = functional.one_hot


@pytest.fixture
def scores():
    return torch.randn(IMAGES, CLASSES, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.fixture
def targets():
    return torch.arange(IMAGES) % CLASSES


def mixed(targets, share=0.7):
    """The targets of images mixed with their neighbours."""
    hot = ONE_HOT(targets, CLASSES).double()
    return share * hot + (1 - share) * hot.roll(1, dims=0)


def torchs(loss, scores, shares):
    """The same by torch's own functions; ``shares`` ``(N, K)``."""
    own = {
        CrossEntropy: lambda: functional.cross_entropy(scores, shares),
        BinaryCrossEntropy: lambda: functional.binary_cross_entropy_with_logits(scores, shares),
        KLDivergence: lambda: functional.kl_div(scores.log_softmax(1), shares, reduction="batchmean"),
        MeanSquared: lambda: functional.mse_loss(scores, shares),
        MeanAbsolute: lambda: functional.l1_loss(scores, shares),
    }
    return own[loss]()


@pytest.mark.parametrize("kind", LOSSES.values())
class TestAgainstTorch:
    def test_of_classes_and_of_mixed_images(self, kind, scores, targets):
        for given, shares in ((targets, ONE_HOT(targets, CLASSES).double()), (mixed(targets), mixed(targets))):
            expected = torchs(kind, scores, shares)
            assert torch.allclose(kind().of(scores, given), expected, rtol=1e-12)
            assert torch.allclose(kind().of(scores, given, reduction="sum"), expected * IMAGES, rtol=1e-12)

    def test_smoothing_holds_while_training_alone(self, kind, scores, targets):
        loss = kind(label_smoothing=0.2)
        for given in (targets, mixed(targets)):
            shares = given if given.ndim > 1 else ONE_HOT(given, CLASSES).double()
            expected = torchs(kind, scores, shares * 0.8 + 0.2 / CLASSES)
            assert torch.allclose(loss.fitted([8] * CLASSES).of(scores, given), expected, rtol=1e-12)
            assert torch.equal(loss.of(scores, given), kind().of(scores, given))

    def test_class_weights_hold_while_training_alone(self, kind, scores, targets):
        loss, counts = kind(label_smoothing=0.0, class_weights=True), [40, 20, 10, 20, 10]
        weights = torch.tensor([0.5, 1, 2, 1, 2], dtype=torch.float64)[targets]
        each = torch.stack([kind().of(scores[i : i + 1], targets[i : i + 1]) for i in range(IMAGES)])
        assert torch.allclose(loss.fitted(counts).of(scores, targets), (weights * each).sum() / weights.sum())
        assert torch.equal(loss.of(scores, targets), kind().of(scores, targets))

    def test_smoothing_changes_nothing_of_what_an_image_counts(self, kind, scores, targets):
        if kind is CrossEntropy:
            pytest.skip("torch weighs each class of the smoothed target")
        values, counts = {"label_smoothing": 0.2}, [40, 20, 10, 20, 10]
        weights = torch.tensor([0.5, 1, 2, 1, 2], dtype=torch.float64)[targets]
        plain = kind(**values).fitted(counts)
        each = torch.stack([plain.of(scores[i : i + 1], targets[i : i + 1]) for i in range(IMAGES)])
        found = kind(class_weights=True, **values).fitted(counts).of(scores, targets)
        assert torch.allclose(found, (weights * each).sum() / weights.sum())

    def test_the_sum_of_the_losses_of_single_images_is_that_of_the_batch(self, kind, scores, targets):
        each = sum(kind().of(scores[i : i + 1], targets[i : i + 1], reduction="sum") for i in range(IMAGES))
        assert torch.allclose(each, kind().of(scores, targets, reduction="sum"))

    def test_the_likeliest_class_is_the_one_with_the_best_score(self, kind, scores, targets):
        loss = kind()
        likely = loss.probabilities(scores, given=False)
        assert torch.equal(likely.argmax(1), loss.scores(scores).argmax(1))
        assert ((likely >= 0) & (likely <= 1)).all()

    def test_what_is_only_in_training_is_told(self, kind, scores, targets):
        (note,) = list(loss_notes(kind(label_smoothing=0.2, class_weights=True), small_network(), classes=10))[-1:]
        target = "the target is 0.82 for the true class, 0.02 for others"
        assert note == (
            f"The training loss has class weights and label smoothing 0.2 ({target}); "
            "validation and test losses are without."
        )


ONE_OUTPUT = [kind for kind in LOSSES.values() if kind.one_output]


@pytest.mark.parametrize("kind", ONE_OUTPUT)
def test_one_output_tells_two_classes_apart_as_two_would(kind):
    outputs = torch.tensor([[-2.0], [0.3], [0.9], [4.0]], dtype=torch.float64)
    targets, shares = torch.tensor([0, 1, 1, 0]), torch.tensor([[0.0], [1.0], [1.0], [0.0]], dtype=torch.float64)
    loss = kind()
    assert torch.allclose(loss.of(outputs, targets), torchs(kind, outputs, shares))
    assert torch.allclose(loss.of(outputs, torch.cat([1 - shares, shares], 1)), torchs(kind, outputs, shares))
    likely = loss.probabilities(outputs, given=False)
    assert torch.allclose(likely.sum(1), torch.ones(4, dtype=torch.float64))
    assert torch.equal(likely.argmax(1), loss.scores(outputs).argmax(1))
    right = Accuracy().total(outputs, targets, loss).item()
    assert right == (likely.argmax(1) == targets).sum()
    smoothed = kind(label_smoothing=0.2).fitted((2, 2)).of(outputs, targets)
    assert torch.allclose(smoothed, torchs(kind, outputs, shares * 0.8 + 0.1))


def test_binary_cross_entropy_of_one_output_is_that_of_its_sigmoid():
    likely = BinaryCrossEntropy().probabilities(torch.tensor([[0.0], [2.0], [-50.0]]), given=False)
    assert torch.allclose(likely[:, 1], torch.tensor([0.5, 0.880797, 1.9287e-22]), rtol=1e-4)
    assert BinaryCrossEntropy().outputs_for(2) == (1, 2)
    assert BinaryCrossEntropy().outputs_for(3) == (3,)


@pytest.mark.parametrize(
    ("outputs", "likely"),
    [
        ((1.0, 0.0, 0.0), (1, 0, 0)),
        ((0.2, 0.5, 0.3), (0.2, 0.5, 0.3)),  # what are probabilities stay as they are
        ((1.2, 1.1, -3.0), (0.55, 0.45, 0)),
        ((-4.0, -4.5, -5.0), (0.75, 0.25, 0)),
    ],
)
def test_distances_take_the_nearest_probabilities(outputs, likely):
    found = MeanSquared().probabilities(torch.tensor([outputs], dtype=torch.float64), given=False)
    assert torch.allclose(found, torch.tensor([likely], dtype=torch.float64))


def test_the_nearest_probabilities_are_nearer_than_any_others(scores):
    found = MeanSquared().probabilities(3 * scores, given=False)
    assert torch.allclose(found.sum(1), torch.ones(IMAGES, dtype=torch.float64))
    others = torch.distributions.Dirichlet(torch.ones(CLASSES, dtype=torch.float64)).sample((2000,))
    for place in range(IMAGES):
        reached = (found[place] - 3 * scores[place]).square().sum()
        assert reached <= (others - 3 * scores[place]).square().sum(1).min()


@pytest.mark.parametrize("kind", LOSSES.values())
@pytest.mark.parametrize("width", [1, CLASSES])
def test_draws_are_averaged_by_their_probabilities(kind, width, scores):
    loss = kind()
    if width not in loss.outputs_for(2 if width == 1 else CLASSES):
        pytest.skip("it has an output for each class")
    draws = [scores[:, :width], scores.roll(1, 0)[:, :width], scores.flip(0)[:, :width]]
    both = loss.probabilities(loss.averaged(draws, given=False), given=False)
    if loss.takes_scores:
        mean = sum(loss.probabilities(draw, given=False) for draw in draws) / 3
    else:  # a regression: the mean of what was said
        mean = loss.probabilities(sum(draws) / 3, given=False)
    assert torch.allclose(both, mean)


@pytest.mark.parametrize("sure", [40.0, 400.0])
def test_averages_of_sure_answers_stay_numbers(sure):
    outputs = [torch.tensor([[sure]]), torch.tensor([[-sure]])]
    averaged = BinaryCrossEntropy().averaged(outputs, given=False)
    assert averaged.abs().item() < 1e-5
    assert BinaryCrossEntropy().averaged(outputs[:1], given=False).item() == pytest.approx(sure)


@pytest.mark.parametrize(
    ("loss", "layer", "left_out"),
    [
        (CrossEntropy(), Softmax(), True),
        (KLDivergence(), Softmax(), True),
        (BinaryCrossEntropy(), Softmax(), False),
        (BinaryCrossEntropy(), Sigmoid(), True),
        (BinaryCrossEntropy(), ThresholdUnit(), True),
        (BinaryCrossEntropy(), Tanh(), False),
        (CrossEntropy(), Sigmoid(), False),
        (MeanSquared(), Softmax(), False),
        (MeanAbsolute(), Sigmoid(), False),
    ],
)
def test_what_a_loss_does_by_itself_is_left_out(loss, layer, left_out):
    network = small_network(softmax=True)
    network.set_layer("softmax", layer)
    assert left_out_for(loss, network) == (("softmax",) if left_out else ())


@pytest.mark.parametrize("softmax", [True, False])
def test_what_distances_compare_is_told(softmax):
    notes = {
        True: "The final softmax stays: Mean squared error compares probabilities with 1 for the true class, else 0.",
        False: "Mean squared error compares what the network gives, without a softmax, with 1 for the true class, "
        "else 0.",
    }
    assert list(loss_notes(MeanSquared(), small_network(softmax=softmax), classes=10)) == [notes[softmax]]


def learned(loss, *, softmax=False, classes=10, data=None, epochs=3, **values):
    network = small_network(softmax=softmax, classes=classes)
    model = compile_network(network, left_out=left_out_for(loss, network), seed=0)
    recipe = settings(epochs=epochs, batch_size=16, loss=loss, **values)
    done = [
        event
        for event in train(
            model, data or small_data(), recipe, task=Classification(), heads=heads_of(network), run=None
        )
        if isinstance(event, EpochDone)
    ]
    assert len(done) == epochs
    return done[-1].validation


@pytest.mark.parametrize("softmax", [False, True])
@pytest.mark.parametrize("kind", LOSSES.values())
def test_a_network_learns_digits_by_each_loss(kind, softmax):
    if softmax and not kind().applies(Softmax()) and kind().takes_scores:
        pytest.skip("a softmax before a sigmoid is warned of")
    assert learned(kind(), softmax=softmax)["accuracy"] > 0.8


@pytest.mark.parametrize("kind", LOSSES.values())
@pytest.mark.parametrize("step", ["mixup", "cutmix"])
def test_mixed_images_are_learned_by_each_loss(kind, step):
    data = small_data(steps=[{"name": step}])
    assert learned(kind(), data=data, epochs=1)["accuracy"] > 0.2


def test_a_final_relu_is_no_reason_for_a_word():
    network = small_network(softmax=True)
    network.set_layer("softmax", ReLU())
    assert list(loss_notes(CrossEntropy(), network, classes=10)) == []
