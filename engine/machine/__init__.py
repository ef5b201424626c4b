"""What this machine has: devices and memory."""
