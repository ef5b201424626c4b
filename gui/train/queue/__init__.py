"""The queue of runs to come: what is in it, how its runs differ, and training them one after another."""
