"""From the drawing to PyTorch: a module that runs (`compile_network`) and source to read (`python_source`).

Printing source needs no torch, so the compiler's half of this package loads when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.compiling.plan import final_layers, final_softmaxes, value_behind
from engine.compiling.source import PythonSource, python_source

if TYPE_CHECKING:
    from engine.compiling.graph import compile_network

__all__ = ["PythonSource", "compile_network", "final_layers", "final_softmaxes", "python_source", "value_behind"]


def __getattr__(name: str) -> Any:
    if name == "compile_network":
        from engine.compiling.graph import compile_network

        return compile_network
    raise AttributeError(f"module 'engine.compiling' has no attribute '{name}'")
