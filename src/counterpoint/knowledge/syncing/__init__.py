"""Content and rights of sources, brought here and kept up, each in its own time."""
