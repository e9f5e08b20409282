"""Who travels where: machine-readable zones, boarding passes, places, and one traveller out of several sources."""
