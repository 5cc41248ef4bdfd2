"""The mail digest: each release of the evidence by mail, to whoever asked for it."""
