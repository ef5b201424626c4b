"""What the units of a layer look for: the images that excite them most, what in those does, and what would most.

A unit is a map of a layer, or one value of a vector; a cell is one place of a map (row 0, column 0 in a vector).

- `layers.layers_with_units` lists the layers of a network as one reads them, ``conv2 + relu2`` as one.
- `search.search` goes through a part of the data once for any number of layers and gives `Answers` of each: the nine
  strongest places of every unit, figures, and histograms by class. It is kept with the run (`keeping`).
- `patches.patches_of` cuts out what those places see, exactly (`engine.network.reach`).
- `deconvnet.project` projects answers back to the image (Zeiler & Fergus 2014).
- `maximising.maximise` draws the pictures that units answer to most.
- `epochs.unit_by_epoch` does the last two for the weights of each kept epoch.

All take a `Lens`: ``Lens.of_run(run)`` and then ``load``, or ``Lens.of_project(project)``; ``lens.data`` loads the
images. The long ones are iterators that tell their `Progress` and end with what they found: whoever stops asking has
called them off, and nothing is left behind. `engine.data.progress.finished` runs one to its end. None changes the
network, its mode or its statistics. Arrays of pixels are float32 from 0 to 1, grey (0.5) outside the image; what is
projected back is signed, 0 outside.

What is to be said in words comes from `Answers.dead_words`, ``Answers.summary``, `answers.useless_words` with
`layers.parameters_of_unit`, `Reach.larger_words`, ``Projection.rules``, `Found.notes` and `search.search_words`.
"""
