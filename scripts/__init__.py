"""What the project checks and builds about itself; none of it ships."""
