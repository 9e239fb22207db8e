"""Where model files come from: package indexes, hubs, registries, plain addresses, folders.

Each source turns what the user wrote into a `Found`: which file, from where, with which hash. Fetching is the same
for all of them (`download`); nothing that is fetched is ever run.
"""
