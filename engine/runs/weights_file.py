"""The weights of a run as a file that plain PyTorch loads."""

from __future__ import annotations

import io
from pathlib import Path

import torch

from engine.compiling import compile_network
from engine.errors import LayerloomError
from engine.files import save_whole
from engine.network import Network
from engine.runs.run_folder import RunFolder


def write_weights(run: RunFolder, network: Network, file: Path) -> None:
    """Write the best weights of ``run`` for ``torch.load``; raises `LayerloomError` if they do not fit ``network``."""
    weights = run.weights()
    try:
        compile_network(network, device="meta").load_state_dict(weights, assign=True)
    except RuntimeError as error:
        raise LayerloomError(f"The weights of {run.path} do not fit {network.name}.") from error
    buffer = io.BytesIO()
    torch.save(weights, buffer)
    save_whole(file, buffer.getvalue())
