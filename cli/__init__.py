"""The command line: one file a group of commands, and the words and tables of the terminal."""
