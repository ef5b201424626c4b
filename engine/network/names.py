"""Names: a node's name is its identity, its path in the state dict and in the exported classes."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container

from engine.words import thousands

LONGEST = 300  # characters of a name, or of what a block is a kind of; files hold no longer ones
_PART = re.compile(r"[A-Za-z0-9_]+")

# A child module of these names would hide what nn.Module needs under them.
RESERVED = frozenset(
    "add_module apply bfloat16 bind buffers build call_super_init children compile cpu cuda double dump_patches eval "
    "extra_repr float forward get_buffer get_extra_state get_parameter get_submodule graph half ipu load_state_dict "
    "modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook "
    "register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook "
    "register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook "
    "register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook "
    "requires_grad_ self set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu "
    "zero_grad code recompile print_readable delete_all_unused_submodules delete_submodule add_submodule meta "
    "to_folder shape_env T_destination".split()
)


def parent(name: str) -> str:
    """The innermost block of ``name``: ``layer1.0`` for ``layer1.0.conv1``, "" at the top."""
    return name.rpartition(".")[0]


def leaf(name: str) -> str:
    """The last part of ``name``: ``conv1`` for ``layer1.0.conv1``."""
    return name.rpartition(".")[2]


def short_name(name: str) -> str:
    """What words call a node: its leaf, with the block around it where that is a number: ``downsample.0``."""
    block, _, last = name.rpartition(".")
    return f"{short_name(block)}.{last}" if block and last.isdigit() else last


def block_name(prefix: str) -> str:
    """What words call a block: its leaf, or "block 1" for ``layer2.1``."""
    last = leaf(prefix)
    return f"block {last}" if last.isdigit() else last


def entry_name(name: str, nodes: Container[str]) -> str:
    """What words call a node or a block, which is none of ``nodes``."""
    return short_name(name) if name in nodes else block_name(name)


def prefixes(name: str) -> tuple[str, ...]:
    """All blocks around ``name``, outermost first: ``("layer1", "layer1.0")``."""
    parts = name.split(".")
    return tuple(".".join(parts[:depth]) for depth in range(1, len(parts)))


def inside(name: str, prefix: str) -> bool:
    """Whether ``name`` stands somewhere inside the block ``prefix``; everything stands inside ""."""
    return not prefix or name.startswith(prefix + ".")


def why_not_a_name(name: str) -> str | None:
    """A sentence that says what is wrong with ``name``, or None."""
    if len(name) > LONGEST:
        return f"A name has at most {LONGEST} characters with its blocks, and this one has {thousands(len(name))}."
    parts = name.split(".")
    if not all(_PART.fullmatch(part) for part in parts):
        return f"'{name}' is not a name: use letters, digits and _, with dots between blocks."
    for part in parts:
        if part in RESERVED or keyword.iskeyword(part) or part.startswith("_"):
            return f"'{name}' is not a name: Python or PyTorch keeps '{part}' for itself."
    if parts[-1].isdigit() and len(parts) == 1:
        return f"'{name}' is not a name: it needs a letter."
    return None
