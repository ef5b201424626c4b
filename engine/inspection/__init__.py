"""What a network makes of an image, and what it has learned."""
