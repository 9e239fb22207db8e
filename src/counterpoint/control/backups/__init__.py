"""An installation as one file, and an installation from it: rows of every table in a form that both databases know."""
