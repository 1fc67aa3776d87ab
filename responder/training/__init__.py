"""Training: fits the learned model to labelled posts; needs the extra `train` (scikit-learn)."""
