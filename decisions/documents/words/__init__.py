"""The words of an edition: files beside its three sealed ones, with their own hash."""
