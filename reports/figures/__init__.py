"""Figures, each one function of sums: a module for each family, and `model` for what they share."""
