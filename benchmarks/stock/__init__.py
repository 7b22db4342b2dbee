"""The yardstick: our domain, data and model served by Rasa's own components."""
