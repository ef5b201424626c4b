"""Images to learn from: sources, split, decoding, batches."""
