"""The admin API: all that the studio's pages do, and scripts can do alike, described by OpenAPI.

`shapes` says what answers look like; the command line prints the same shapes. This file imports nothing, since
the command line must not load a web framework to list keys: take `create_app` from `application`.
"""
