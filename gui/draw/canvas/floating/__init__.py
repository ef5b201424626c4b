"""What floats over the canvas."""
