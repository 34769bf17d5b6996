"""Bytes of a picture -> the mixture of emotions on the face in it."""
