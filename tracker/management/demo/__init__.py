"""A believable organisation, the same for the same seed and relative to today."""
