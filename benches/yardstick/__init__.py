"""What `ratios.py` is made of: inputs, what has to be said of them, and how a run is measured."""
