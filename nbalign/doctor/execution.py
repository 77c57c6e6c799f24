"""Whether notebook code can be run here."""

from __future__ import annotations

from nbalign.doctor.check import Check
from nbalign.errors import SandboxError
from nbalign.execute.isolation import refusal, sandbox_here


def sandbox() -> Check:
    """Makes a sandbox, to see whether that works; without one, nbalign still judges and aligns."""
    try:
        here = sandbox_here()
    except SandboxError as error:
        return Check("Sandbox", "warn", error.message, error.hint)
    if here.isolation is None:
        refused = refusal(here.why_not)
        return Check("Sandbox", "warn", refused.message, refused.hint)
    kind = "bubblewrap" if here.isolation == "bubblewrap" else "namespaces of nbalign's own"
    return Check("Sandbox", "ok", f"notebook code runs in a sandbox, made with {kind}")
