"""What turns a file's bytes into a `Parsed`, whatever its format: sniffing, one module for each format, and child
processes in which all of it runs, so that a bad file costs itself and nothing else."""
