"""How the run in view is doing: figures, health, epochs, the sample under watch."""
