"""What the next run will take: memory by part, time, the largest batch."""
