import math

import pytest
from train_parts import tiny_network

from engine.training.events import Health
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
        (Health(0.1, 5e-5), "ratio", 2.0),
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


def test_a_block_is_one_row_with_the_norm_of_all_its_weights():
    network = tiny_network()
    network.rename("conv", "stem.conv")
    network.rename("relu", "stem.relu")
    network.add(network.layer("stem.conv"), "stem.second")
    rows = health_rows(network, {"stem.conv": Health(3.0, 1e-3), "stem.second": Health(4.0, 1e-5)})
    assert [(row.name, row.gradient, row.ratio) for row in rows] == [("stem", 5.0, 1e-5)]


def test_small_updates_are_no_fault_where_the_schedule_has_lowered_the_rate():
    health = {"conv": Health(0.1, 5e-5)}
    (told,) = health_rows(tiny_network(), health)
    assert [finding.column for finding in told.findings] == ["ratio"]
    (quiet,) = health_rows(tiny_network(), health, rate_share=0.1)
    assert not quiet.findings
    (frozen_stiff,) = health_rows(tiny_network(), {"conv": Health(0.1, 5e-7)}, rate_share=0.1)
    assert [finding.column for finding in frozen_stiff.findings] == ["ratio"]
