"""Anchors with their provenance. `qa/` is the test authority that everybody knows: never loaded in production."""
