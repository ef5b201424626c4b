"""The panels of Look inside: the image, the maps, one step of a convolution."""
