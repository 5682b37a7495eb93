"""Stock nbgrader, made safe: a sandboxed kernel, an intake that loses nothing, and a report."""
