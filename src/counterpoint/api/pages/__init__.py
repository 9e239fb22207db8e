"""The pages that the server renders itself: signing in, and how the platform is. No script, nothing from elsewhere."""
