"""Budgets and limits as people set, read and exceed them: what is spent, what it will come to, who asks for more."""
