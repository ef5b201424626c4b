"""The Inspector: settings, shape rule, cost and training of what is selected."""

from gui.draw.inspector.panel import InspectorPanel

__all__ = ["InspectorPanel"]
