"""What the user draws: `Network`, and what follows from it: `analyse`."""

from engine.network.analysis import Analyser, Analysis, NodeAnalysis, State, analyse
from engine.network.errors import NetworkError
from engine.network.network import Network
from engine.network.parts import Block, Edge, Node, Point
from engine.network.problems import Fix, Problem, Severity, of_severity

__all__ = [
    "Analyser",
    "Analysis",
    "Block",
    "Edge",
    "Fix",
    "Network",
    "NetworkError",
    "Node",
    "NodeAnalysis",
    "Point",
    "Problem",
    "Severity",
    "State",
    "analyse",
    "of_severity",
]
