"""Import this where kernels are forked: the course's modules are imported and its tables read, once for all of them."""

from guarantees import argument, catalog, show

__all__ = ["argument", "catalog", "show"]

for name in catalog.names():
    catalog.load(name)
for column in ("value", "alternative"):
    matrix = catalog.coding_matrix(column)
# Shown once, because pandas imports and sets up a part of itself only then.
repr(matrix), matrix.to_html()
