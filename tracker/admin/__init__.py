"""The leads' panel: Django's admin, where each lead meets the own teams and nothing else."""
