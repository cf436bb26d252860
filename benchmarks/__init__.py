"""confkit beside what a user would pick instead: `python -m benchmarks` (docs/explanation/performance.md)."""
