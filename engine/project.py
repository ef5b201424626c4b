"""A project: the network, its data, how it trains and how it is viewed; and its file."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.data.settings import DataSettings
from engine.network.layout import Flow
from engine.network.network import Network
from engine.settings import Settings
from engine.training.settings import TrainingSettings


class ViewSettings(Settings):
    """How the drawing is shown; saved with it."""

    flow: Flow = Flow.FOLDED


@dataclass
class Project:
    """Everything a ``.loom`` file holds."""

    network: Network = field(default_factory=Network)
    data: DataSettings = field(default_factory=DataSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    view: ViewSettings = field(default_factory=ViewSettings)
