"""Look inside: what a network makes of an image, layer by layer."""
