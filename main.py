"""Starts the command line or the window, nothing else."""

from cli.app import main

if __name__ == "__main__":
    main()
