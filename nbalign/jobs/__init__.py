"""Long work in a process of its own: judging, aligning and evaluating beside a screen that never waits."""
