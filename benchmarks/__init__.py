"""Measured speed: ``python -m benchmarks NAME`` prints one JSON line with a ratio from one run."""
