"""The gazetteer behind `flights.airports`: text folding, the index of names, lookup of one name, scan of a sentence."""
