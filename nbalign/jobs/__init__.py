"""Long work in a process of its own: judging, aligning and evaluating beside a screen that never waits.

`desk.Jobs` starts `runner` processes one after the other and tells how each stands; `work` is what a runner does in its
workspace; `planning` says beforehand what a judging job would do.
"""
