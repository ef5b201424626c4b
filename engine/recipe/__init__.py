"""How a network is trained, as a value: optimiser, schedule, loss and all the rest; needs no torch."""
