"""How good a run is, and what it says of single images."""
