"""Which model reads: versions and the aliases that point at them."""
