"""Security guarantees compared: data, comparisons, the guarantee game, widgets and grading."""
