"""Long runs: nothing that an epoch makes stays in memory."""

import gc
from dataclasses import replace

from small_training import settings, small_data, small_model

from engine.training.events import EpochDone, Finished
from engine.training.loop import train

SETTLED, EPOCHS = 20, 320


def few_images():
    data = small_data()
    return replace(
        data,
        train=replace(data.train, indices=data.train.indices[:20], targets=data.train.targets.of(range(20))),
        validation=replace(
            data.validation, indices=data.validation.indices[:10], targets=data.validation.targets.of(range(10))
        ),
    )


def test_300_epochs_leave_nothing_behind():
    recipe = settings(epochs=EPOCHS, batch_size=10, average=0.9, schedule="plateau", patience=1000)
    counts = {}
    for event in train(small_model(), few_images(), recipe):
        if isinstance(event, EpochDone) and event.epoch in (SETTLED, EPOCHS):
            gc.collect()
            counts[event.epoch] = len(gc.get_objects())
    assert isinstance(event, Finished)
    assert abs(counts[EPOCHS] - counts[SETTLED]) < EPOCHS - SETTLED  # less than an object an epoch
