"""The panels of all features: with this module they are in `PANELS`."""

from gui.data.files_panel import FilesPanel
from gui.data.panel import DataSetPanel
from gui.data.statistics_panel import StatisticsPanel
from gui.data.steps.panel import StepsPanel
from gui.data.steps.sampling import SamplingPanel
from gui.draw.code import CodePanel
from gui.draw.help import HelpPanel
from gui.draw.inspector import InspectorPanel
from gui.draw.my_blocks import MyBlocksPanel
from gui.draw.palette import PalettePanel
from gui.draw.problems import ProblemsPanel
from gui.draw.summary import SummaryPanel
from gui.evaluate.figures import FiguresPanel
from gui.look.image import ImagePanel
from gui.look.intervene import IntervenePanel
from gui.look.step import StepPanel
from gui.look.weights import WeightsPanel
from gui.registry.panels import PANELS
from gui.start.gallery_panel import GalleryPanel
from gui.train.progress.panel import ProgressPanel
from gui.train.queue.panel import QueuePanel
from gui.train.recipe.panel import RecipePanel
from gui.train.runs_panel import RunsPanel

__all__ = [
    "PANELS",
    "CodePanel",
    "DataSetPanel",
    "FiguresPanel",
    "FilesPanel",
    "GalleryPanel",
    "HelpPanel",
    "ImagePanel",
    "InspectorPanel",
    "IntervenePanel",
    "MyBlocksPanel",
    "PalettePanel",
    "ProblemsPanel",
    "ProgressPanel",
    "QueuePanel",
    "RecipePanel",
    "RunsPanel",
    "SamplingPanel",
    "StatisticsPanel",
    "StepPanel",
    "StepsPanel",
    "SummaryPanel",
    "WeightsPanel",
]
