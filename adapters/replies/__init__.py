"""What a reply says, by a classifier that learnt from examples. It knows no policy and heeds no stop: those are the
rules' alone."""

from adapters.replies.learnt import LearntClassifier

__all__ = ["LearntClassifier"]
