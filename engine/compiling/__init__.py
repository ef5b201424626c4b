"""From the drawing to PyTorch.

What needs no torch loads at once; the compiler itself loads when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.compiling.plan import final_softmaxes

if TYPE_CHECKING:
    from engine.compiling.graph import compile_network

__all__ = ["compile_network", "final_softmaxes"]


def __getattr__(name: str) -> Any:
    if name == "compile_network":
        from engine.compiling.graph import compile_network

        return compile_network
    raise AttributeError(f"module 'engine.compiling' has no attribute '{name}'")
