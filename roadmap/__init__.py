"""The Django project: settings, addresses and what stands around every page."""
