"""Channels: how a platform's messages come in and replies go out; one module per platform."""
