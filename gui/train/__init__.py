"""Train: the runs of the open project, their curves and how they are doing."""
