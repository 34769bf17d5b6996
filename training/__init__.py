"""Labelled faces -> a model bundle. One readable file a stage."""
