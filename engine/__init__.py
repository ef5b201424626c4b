"""Everything Layerloom knows that is not on a screen: layers, networks, compiling, data, training."""
