"""Images mixed with others: their partners, their shares, and the targets that go with them."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from image_files import make_folder
from small_training import curve, settings, small_model

from engine.data.augmentation import AUGMENTATION
from engine.data.draws import Draws, Pass
from engine.data.loading import load
from engine.data.normalise import ZeroToOne
from engine.data.settings import DataSettings
from engine.layers import Shape
from engine.recipe.losses import CrossEntropy
from engine.recipe.metrics import Accuracy
from engine.training.loop import train

CPU, SHAPE = torch.device("cpu"), Shape(1, 8, 8)
BRIGHT = {"name": "brightness", "factor": (0.5, 0.9)}


def data_with(*steps, source=None):
    return load(DataSettings(steps=steps, normalise=ZeroToOne(), **({"source": source} if source else {})), SHAPE)


def by_position(data, *, batch_size=64, passed=0, epoch=1):
    """What each training image becomes, on the scale 0 to 255, and the shares of the classes in it."""
    order = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(Pass(0, epoch).order_seed))
    batches = list(data.train.training_batches(batch_size, device=CPU, drawn_in=Pass(0, epoch), passed=passed))
    pixels, targets = (torch.cat(some) for some in [*zip(*batches, strict=True)][:2])
    order = order[len(order) - len(pixels) :]
    found, shares = torch.full((len(data.train), *SHAPE), torch.nan), torch.full((len(data.train), 10), torch.nan)
    found[order], shares[order] = pixels * 255, targets.float()
    return found, shares


def partner_of(data, position, name, epoch=1):
    """Which image is drawn for one at a position of the training part, and what the step draws for it."""
    alone = Draws.of(Pass(0, epoch), data.train.indices[[position]], np.array([0]))
    drawn = alone.for_(f"{name} 0")
    drawn.uniform()  # whether it takes part
    return int(alone.for_(f"{name} 0 with").whole(len(data.train))[0]), drawn


def test_mix_up_lays_two_images_over_each_other_and_their_classes_in_the_same_shares():
    data = data_with({"name": "mixup", "alpha": 0.7})
    found, shares = by_position(data)
    plain = torch.from_numpy(data.train.images(np.arange(len(data.train)))).float()
    true = torch.from_numpy(data.train.targets.values)
    for position in (0, 1, 500, len(data.train) - 1):
        partner, drawn = partner_of(data, position, "mixup")
        share = float(AUGMENTATION["mixup"](alpha=0.7).draw(drawn)["share"][0])
        expected = share * plain[position] + (1 - share) * plain[partner]
        assert torch.allclose(found[position], expected, atol=1e-3)
        classes = torch.zeros(10)
        classes[true[position]] += share
        classes[true[partner]] += 1 - share
        assert torch.allclose(shares[position], classes, atol=1e-6)
    assert torch.allclose(shares.sum(dim=1), torch.ones(len(shares)))


@pytest.mark.parametrize("name", ["mixup", "cutmix"])
def test_an_image_that_is_not_mixed_keeps_its_target(name):
    data = data_with({"name": name, "probability": 0.5, "alpha": 1.0})
    found, shares = by_position(data)
    plain = torch.from_numpy(data.train.images(np.arange(len(data.train)))).float()
    drawn = Draws.of(Pass(0, 1), data.train.indices, np.zeros(len(plain), np.int64)).for_(f"{name} 0")
    left_out = drawn.uniform() >= 0.5
    assert 0.4 < left_out.mean() < 0.6
    assert torch.allclose(found[left_out], plain[left_out], atol=1e-3)
    own = torch.nn.functional.one_hot(torch.from_numpy(data.train.targets.values), 10).float()
    assert torch.equal(shares[left_out], own[left_out])
    assert (shares[~left_out] != own[~left_out]).any(dim=1).float().mean() > 0.7


def test_cut_mix_takes_a_rectangle_and_as_much_of_the_target_as_its_pixels():
    data = data_with({"name": "cutmix", "probability": 1})
    found, shares = by_position(data)
    plain = torch.from_numpy(data.train.images(np.arange(len(data.train)))).float()
    true = torch.from_numpy(data.train.targets.values)
    seen = []
    for position in range(200):
        partner, _ = partner_of(data, position, "cutmix")
        from_partner = (found[position] - plain[partner]).abs() < 1e-3
        from_itself = (found[position] - plain[position]).abs() < 1e-3
        assert (from_partner | from_itself).all()
        if true[partner] != true[position]:
            share = shares[position, true[position]].item()
            assert share * 64 == pytest.approx(round(share * 64), abs=1e-3)
            assert (~from_itself).sum() <= round((1 - share) * 64) <= from_partner.sum()
            seen.append(share)
    assert min(seen) < 0.2
    assert max(seen) > 0.8


def test_the_shares_follow_their_distribution():
    draws = Draws.of(Pass(0, 1), np.arange(50_000), np.zeros(50_000, np.int64))
    share = AUGMENTATION["mixup"](alpha=0.4).draw(draws)["share"]
    assert share.mean() == pytest.approx(0.5, abs=0.01)
    assert share.var() == pytest.approx(1 / (4 * (2 * 0.4 + 1)), abs=0.003)  # of Beta(a, a)
    cut = AUGMENTATION["cutmix"](alpha=1.0).draw(draws.for_("cut"))
    assert min(cut["top"].min(), cut["left"].min()) >= 0
    assert max((cut["top"] + cut["height"]).max(), (cut["left"] + cut["width"]).max()) <= 1 + 1e-12


def test_a_mixed_image_is_the_same_in_any_batch_and_after_a_pause_and_another_each_epoch():
    data = data_with(BRIGHT, "mixup", "cutmix")
    whole, shares = by_position(data)
    for batch_size in (1, 17, 2000):
        found, theirs = by_position(data, batch_size=batch_size)
        assert torch.equal(found, whole)
        assert torch.equal(theirs, shares)
    later, _ = by_position(data, passed=630)
    seen = ~later[:, 0, 0, 0].isnan()
    assert 0 < seen.sum() < len(seen)
    assert torch.equal(later[seen], whole[seen])
    assert not torch.equal(by_position(data, epoch=2)[0], whole)


def test_a_partner_is_augmented_as_well_by_values_of_its_own():
    plain, bright = data_with("mixup"), data_with(BRIGHT, "mixup")
    base = torch.from_numpy(plain.train.images(np.arange(len(plain.train)))).float()
    found, _ = by_position(bright)
    for position in range(20):
        partner, drawn = partner_of(bright, position, "mixup")
        share = float(AUGMENTATION["mixup"]().draw(drawn)["share"][0])
        parts = torch.stack((base[position].flatten() * share, base[partner].flatten() * (1 - share)), dim=1)
        if min(share, 1 - share) < 0.05 or partner == position:
            continue
        factors = torch.linalg.lstsq(parts, found[position].flatten()[:, None]).solution.flatten()
        assert ((factors > 0.49) & (factors < 0.91)).all()
        assert abs(factors[0] - factors[1]) > 1e-4


def test_an_image_whose_partner_cannot_be_read_stays_by_itself(tmp_path):
    folder = make_folder(tmp_path / "pets", {str(digit): 6 for digit in range(10)})
    data = data_with({"name": "mixup", "alpha": 5}, source={"name": "folder", "path": str(folder)})
    partners = {position: partner_of(data, position, "mixup")[0] for position in range(len(data.train))}
    lost = partners[0]
    original = data.train.stored

    class Losing:
        """The same images, of which one turns out unreadable."""

        def stream(self, batches, device, **options):
            for batch, (pixels, _) in zip(batches, original.stream(batches, device, **options), strict=True):
                kept = (batch != data.train.indices[lost]).nonzero().flatten()
                yield pixels[kept], kept

    part = replace(data.train, stored=Losing())
    found = list(part.training_batches(7, device=CPU, drawn_in=Pass(0, 1)))
    order = torch.randperm(len(part), generator=torch.Generator().manual_seed(Pass(0, 1).order_seed))
    assert sum(len(batch.targets) for batch in found) == len(part) - 1
    left = order[order != lost]
    place = int((left == 0).nonzero())
    shares = torch.cat([batch.targets for batch in found])[place]
    assert shares.max() == 1
    assert shares.argmax() == data.train.targets.values[0]


def test_losses_and_accuracy_take_shares_of_classes():
    outputs = torch.tensor([[2.0, 0.0, 1.0], [0.0, 3.0, 1.0]])
    shares = torch.tensor([[0.7, 0.0, 0.3], [1.0, 0.0, 0.0]])
    expected = -(shares * outputs.log_softmax(1)).sum(1)
    assert CrossEntropy().of(outputs, shares).item() == pytest.approx(expected.mean().item())
    assert Accuracy().total(outputs, shares, CrossEntropy()).item() == 1


def test_a_network_trains_on_mixed_images():
    found = curve(train(small_model(), data_with("mixup", {"name": "cutmix"}), settings(epochs=2)))
    assert len(found) == 2
