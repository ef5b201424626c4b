"""What the network receives of some images, step by step."""
