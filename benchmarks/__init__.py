"""What the gateway costs, measured beside its peers in one run, as ratios.

`python -m benchmarks.run` starts a mock upstream, each gateway that is installed, and a load generator, all
on this machine; it writes `docs/benchmarks.md` and `benchmarks/results/latest.json`.
"""
