"""The modules that torch lacks, each file on its own feet so that exported source can carry it."""
