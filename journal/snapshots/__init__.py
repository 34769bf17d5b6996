"""A picture comes in, waits, is claimed, and is forgotten."""
