"""How the property tests are run: `--hypothesis-profile=thorough` looks a hundred times as long."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadline: a busy machine is not a fault of the code.
settings.register_profile("usual", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck))
settings.load_profile("usual")
