"""confkit beside what a user would pick instead: `python -m benchmarks`. docs/performance.md says how to read it."""
