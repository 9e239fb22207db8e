"""What `counterpoint doctor` looks at. Each check is a function that looks once and says what it found; none
changes anything. This file imports nothing.
"""
