import math

import pytest
from small_training import settings, small_data, small_model, small_network
from train_parts import tiny_network

from engine.training.events import Health, HealthMeasured
from engine.training.loop import train
from gui.train.progress.advice import Advice, Adviser, below
from gui.train.progress.health import health_rows


def test_healthy_layers_have_no_findings_and_a_relu_counts_to_what_feeds_it():
    rows = health_rows(tiny_network(), {"conv": Health(0.3, 1e-3), "relu": Health(dead=0.1), "fc": Health(0.5, 2e-3)})
    assert [(row.name, row.dead) for row in rows] == [("conv", 0.1), ("fc", None)]
    assert not any(row.findings for row in rows)


@pytest.mark.parametrize(
    ("health", "column", "factor"),
    [
        (Health(1e-7, 1e-3), "gradient", 1.0),
        (Health(math.nan, 1e-3), "gradient", 0.1),
        (Health(0.1, 5e-2), "ratio", 0.2),
        (Health(0.1, math.inf), "ratio", 1e-3),
        (Health(0.1, 5e-5), "ratio", 1.0),
    ],
)
def test_what_is_wrong_is_found_with_a_remedy(health, column, factor):
    (row,) = health_rows(tiny_network(), {"conv": health})
    assert [(finding.column, pytest.approx(finding.factor)) for finding in row.findings] == [(column, factor)]


def test_a_quarter_of_dead_maps_is_borne_and_more_is_not():
    borne, wrong = (
        health_rows(tiny_network(), {"conv": Health(0.1, 1e-3), "relu": Health(dead=dead)})[0] for dead in (0.25, 0.5)
    )
    assert not borne.findings
    assert wrong.findings[0].what == "50 % of conv's ReLU maps never fire."


def test_the_dead_maps_of_a_row_are_counted_and_not_the_layers():
    network = tiny_network()
    network.rename("conv", "stem.conv")
    network.rename("relu", "stem.relu")
    network.add(network.layer("stem.relu"), "stem.last")
    health = {"stem.conv": Health(0.1, 1e-3), "stem.relu": Health(dead=1.0, maps=64)}
    health["stem.last"] = Health(dead=0.0, maps=192)
    (row,) = health_rows(network, health)
    assert row.dead == 0.25
    assert not row.findings


def test_a_block_is_one_row_with_the_norm_of_all_its_weights():
    network = tiny_network()
    network.rename("conv", "stem.conv")
    network.rename("relu", "stem.relu")
    network.add(network.layer("stem.conv"), "stem.second")
    rows = health_rows(network, {"stem.conv": Health(3.0, 1e-3), "stem.second": Health(4.0, 1e-5)})
    assert [(row.name, row.gradient, row.ratio) for row in rows] == [("stem", 5.0, 1e-5)]


def test_the_worst_finding_is_advised_on_and_not_the_first():
    health = {"conv": Health(1e-7, 1e-3), "relu": Health(dead=0.0), "fc": Health(0.5, 0.1)}
    advice = Adviser(0.01, 0.003).on(health_rows(tiny_network(), health))
    assert advice == Advice("Updates of fc are large beside its weights.", "Lower the learning rate.", 0.001)


def test_what_comes_of_a_rate_far_too_high_is_laid_to_the_rate():
    vanished = health_rows(tiny_network(), {"conv": Health(1e-9, 1e-3), "fc": Health(0.5, 1e-3)})
    advice = Adviser(100.0, 0.003).on(vanished)
    assert advice.what == "The learning rate 100 is far above 0.003, which is usual."
    assert advice.learning_rate == 0.003
    assert "batch norm" in Adviser(0.003, 0.003).on(vanished).remedy


def test_advice_on_the_rate_goes_one_way():
    adviser = Adviser(0.01, 0.003)
    told = [
        adviser.on(health_rows(tiny_network(), {"conv": Health(0.1, ratio), "fc": Health(0.1, ratio)}))
        for ratio in (0.02, 1.0, 0.02, 1e-6, 1e-3)
    ]
    assert [advice and advice.learning_rate for advice in told] == [0.003, 1e-4, 1e-4, None, None]


def test_a_higher_rate_lets_no_layer_move_too_much():
    slow = {"conv": Health(0.1, 1e-6), "fc": Health(0.1, 2e-6)}
    assert Adviser(1e-6, 0.003).on(health_rows(tiny_network(), slow)).learning_rate == 3e-4
    one_is_fast = {"conv": Health(0.1, 1e-6), "fc": Health(0.1, 5e-3)}
    assert Adviser(1e-6, 0.003).on(health_rows(tiny_network(), one_is_fast)) is None


@pytest.mark.parametrize(
    ("rate", "expected"), [(0.5, 0.3), (0.3, 0.3), (0.29, 0.1), (1.0, 1.0), (2e-5, 1e-5), (7.0, 3.0)]
)
def test_rates_are_round(rate, expected):
    assert below(rate) == expected


@pytest.mark.parametrize("rate", [1e-6, 1e-3, 0.3, 100.0])
def test_no_epoch_takes_back_what_an_earlier_one_advised(rate):
    recipe = settings(epochs=4, learning_rate=rate)
    adviser, advised = Adviser(rate, recipe.optimiser.usual_rate), []
    for event in train(small_model(), small_data(), recipe):
        if isinstance(event, HealthMeasured):
            advice = adviser.on(health_rows(small_network(), event.nodes))
            advised.append(advice.learning_rate if advice else None)
    told = [one for one in advised if one is not None]
    lower, higher = [one for one in told if one < rate], [one for one in told if one > rate]
    assert lower == sorted(lower, reverse=True)
    assert not (lower and higher)
    assert lower or rate < 0.1


def test_small_updates_are_no_fault_where_the_schedule_has_lowered_the_rate():
    health = {"conv": Health(0.1, 5e-5)}
    (told,) = health_rows(tiny_network(), health)
    assert [finding.column for finding in told.findings] == ["ratio"]
    (quiet,) = health_rows(tiny_network(), health, rate_share=0.1)
    assert not quiet.findings
    (frozen_stiff,) = health_rows(tiny_network(), {"conv": Health(0.1, 5e-7)}, rate_share=0.1)
    assert [finding.column for finding in frozen_stiff.findings] == ["ratio"]
