"""Edits that would make a network impossible, one small exception each; nothing has changed when they are raised."""

from engine.errors import LayerloomError


class NetworkError(LayerloomError):
    """An edit that would make the network impossible; nothing has changed."""


class UnknownNodeError(NetworkError):
    """There is no node of that name."""


class NameTakenError(NetworkError):
    """The name is in use, or stands for a block."""


class BadNameError(NetworkError):
    """The name cannot be a path in a state dict."""


class CycleError(NetworkError):
    """The edge would let a value depend on itself."""


class PortError(NetworkError):
    """The port does not exist, is taken, or gives no output."""
