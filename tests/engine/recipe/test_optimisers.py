"""Every optimiser against torch's own, over 100 steps, with every setting away from its default."""

import pytest
import torch
from pydantic import ValidationError

from engine.recipe.optimisation import make_optimiser, set_rates
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.recipe import Recipe

SETTINGS = {
    "sgd": [{"momentum": 0}, {"momentum": 0.8, "nesterov": True}, {"momentum": 0.8, "dampening": 0.3}],
    "adam": [{"betas": (0.8, 0.9), "eps": 1e-3}, {"amsgrad": True}],
    "adamw": [{"betas": (0.8, 0.9), "eps": 1e-3}, {"amsgrad": True}],
    "rmsprop": [{"alpha": 0.9, "momentum": 0.8, "centered": True, "eps": 1e-3}],
    "adagrad": [{"lr_decay": 0.1, "initial_accumulator_value": 0.3, "eps": 1e-3}],
    "adadelta": [{"rho": 0.8, "eps": 1e-3}],
    "adamax": [{"betas": (0.8, 0.9), "eps": 1e-3}],
    "nadam": [{"betas": (0.8, 0.9), "eps": 1e-3, "momentum_decay": 0.1}, {"decoupled_weight_decay": True}],
    "radam": [{"betas": (0.8, 0.9), "eps": 1e-3}, {"decoupled_weight_decay": True}],
}
CASES = [(name, values) for name in OPTIMISERS for values in ({}, *SETTINGS[name])]


def trained(make):
    """Weights after 100 steps towards a moving target."""
    generator = torch.Generator().manual_seed(0)
    weights = torch.nn.ParameterList([torch.randn(3, 4, generator=generator), torch.randn(4, generator=generator)])
    optimiser = make(weights)
    for _ in range(100):
        optimiser.zero_grad()
        sum(((weight - torch.randn(4, generator=generator)) ** 2).sum() for weight in weights).backward()
        optimiser.step()
    return torch.cat([weight.detach().flatten() for weight in weights])


@pytest.mark.parametrize(("name", "values"), CASES)
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_it_is_the_optimiser_of_torch(name, values, decay):
    settings = {"learning_rate": 0.01, "weight_decay": decay, "decay_leaves_out": "nothing"}
    recipe = Recipe(optimiser={"name": name, **values}, **settings)
    kind = getattr(torch.optim, OPTIMISERS[name].target.removeprefix("torch.optim."))
    plain = {"momentum": 0.9} if name == "sgd" else {}

    def theirs(weights):
        return kind(list(weights), lr=0.01, weight_decay=decay, foreach=False, **plain | values)

    assert torch.allclose(trained(lambda weights: make_optimiser(weights, recipe)), trained(theirs), atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_setting_reaches_torch(name):
    tried = {key for values in SETTINGS[name] for key in values}
    assert tried == set(OPTIMISERS[name].model_fields)


@pytest.mark.parametrize(("name", "values"), CASES)
def test_moments_are_the_tensors_it_keeps(name, values):
    recipe = Recipe(optimiser={"name": name, **values})
    weight = torch.nn.Parameter(torch.ones(2, 3))
    weight.grad = torch.ones(2, 3)
    made = make_optimiser(torch.nn.ParameterList([weight]), recipe)
    made.step()
    assert recipe.optimiser.moments == sum(value.shape == weight.shape for value in made.state[weight].values())


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_cycled_momentum_reaches_those_that_have_one(name):
    made = make_optimiser(torch.nn.ParameterList([torch.ones(2)]), Recipe(optimiser=name))
    set_rates(made, 0.5, momentum=0.7)
    (group,) = made.param_groups
    assert group["lr"] == 0.5
    if "betas" in group:
        assert group["betas"] == (0.7, 0.999)
    else:
        assert group.get("momentum", 0) == (0.7 if name == "sgd" else 0)


@pytest.mark.parametrize(("name", "values"), [("sgd", {}), ("rmsprop", {"momentum": 0.9}), ("adam", {})])
def test_a_momentum_that_was_cycled_to_nothing_rises_again(name, values):
    made = make_optimiser(torch.nn.ParameterList([torch.ones(2)]), Recipe(optimiser={"name": name, **values}))
    (group,) = made.param_groups
    for momentum in (0.95, 0.0, 0.5):
        set_rates(made, 0.5, momentum=momentum)
        assert (group["betas"][0] if "betas" in group else group["momentum"]) == momentum


@pytest.mark.parametrize("values", [{"momentum": 0.0}, {"dampening": 0.1}])
def test_nesterov_without_plain_momentum_is_refused(values):
    with pytest.raises(ValidationError, match=r"Nesterov needs a momentum above 0 and no dampening\."):
        Recipe(optimiser={"name": "sgd", "nesterov": True, **values})
