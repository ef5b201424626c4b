"""What the units of a layer look for: the images that excite them most, what in those does, and what would most.

A unit is a map of a layer, or one value of a vector; a cell is one place of a map (row 0, column 0 in a vector).

- `layers.layers_with_units` lists the layers of a network as one reads them, ``conv2 + relu2`` as one.
- `search.search` goes through a part of the data once for any number of layers and gives `Answers` of each: the nine
  strongest places of every unit, figures, and histograms by class. It is kept with the run (`keeping`).
- `patches.patches_of` cuts out what those places see, exactly (`engine.network.reach`).
- `deconvnet.project` projects answers back to the image (Zeiler & Fergus 2014).
- `maximising.maximise` draws the pictures that units answer to most.
- `epochs.unit_by_epoch` does the last two for the weights of each kept epoch.

The long ones are iterators: whoever stops asking has called them off, and nothing is left behind. None changes the
network, its mode or its statistics.
"""
