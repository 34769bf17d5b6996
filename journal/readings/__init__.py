"""A worker reads the picture, and the mixture is stored."""
