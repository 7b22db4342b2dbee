"""The engine: Rasa's own components and graph, run with less work and the same answers (level 2)."""
