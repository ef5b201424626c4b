"""Of epochs that are equally good, the first counts, as where weights are kept."""

import pytest
from test_run import ACCURACY, ERROR, LOSS, told


@pytest.mark.parametrize(
    ("metric", "values", "best"),
    [
        (ACCURACY, (0.5, 0.9, 0.9, 0.7), (0.9, 2)),
        (ERROR, (0.4, 0.2, 0.3, 0.2), (0.2, 2)),
        (LOSS, (1.0, 1.0), (1.0, 1)),
    ],
    ids=["more is better", "less is better", "loss"],
)
def test_the_first_of_equal_epochs_is_the_best(tmp_path, metric, values, best):
    figures = [{"loss": 1.0, "accuracy": 0.5, "error": 0.5, metric.name: value} for value in values]
    assert told(tmp_path, (LOSS, ACCURACY, ERROR), metric, *figures).best_of(metric) == best
