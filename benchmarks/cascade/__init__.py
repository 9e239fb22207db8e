"""What routes and their checks are worth: cost and quality on recorded answers of true models, replayed."""
