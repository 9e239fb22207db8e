"""What answers look like, for the admin API and `--json` alike: stable names, times in UTC, money as text.

Plain frozen dataclasses: the API makes its OpenAPI description from them, the command line needs no framework.
"""
