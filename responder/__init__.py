"""complaint-responder: public complaints in, owned-up replies out, and a person in between."""

__version__ = "0.1.0"
