"""Networks that were trained to read digits, as functions from images to what they take them for."""

import torch
from train_parts import settings

from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.runner import Runner
from engine.training.events import Failed, Finished


def trained(network, folder, *, seed=0, batch_size=16):
    """A network trained on the digits, as a function from images uint8 ``(N, C, H, W)`` to their classes ``(N,)``."""
    runner = Runner(Project(network, training=settings(epochs=20, batch_size=batch_size, seed=seed)), folder)
    runner.start()
    while not isinstance(event := runner.events.get(timeout=60), Finished | Failed):
        pass
    runner.join()
    assert isinstance(event, Finished)
    run = RunFolder(folder)
    model, record = run.load_model().eval(), run.record
    mean, std = (torch.tensor(figures).view(1, -1, 1, 1) for figures in (record.mean, record.std))

    def read(pixels):
        with torch.no_grad():
            return model((torch.from_numpy(pixels).float() / 255 - mean) / std).argmax(dim=1).numpy()

    return read
