"""Serving: processes with Rasa's agent, the channels, the actions and the chat page."""
