"""Code that wants out. What a sandbox stops is done without one as well: there it works, or the test shows nothing."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from nbalign.execute.interpreter import Interpreter
from nbalign.execute.kernel import open_kernel
from nbalign.execute.model import Isolation, Kernel
from nbalign.execute.scratch import Scratch
from nbalign.execute.view import mounts
from tests.execute.conftest import said, text

SECRET = "hunter2-of-the-tests"


def stopped(kernel: Kernel, open_door: Kernel, source: str, marker: str) -> None:
    """The code prints a marker when it got out: without a sandbox it does, in one it does not."""
    assert marker in text(open_door.run(source)), "this would not even work without a sandbox"
    assert marker not in text(kernel.run(source))


def test_the_network_of_this_machine_is_not_there(kernel: Kernel, open_door: Kernel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        source = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 3)\nprint('reached')"
        stopped(kernel, open_door, source, "reached")


def test_no_interface_but_loopback_and_no_names(kernel: Kernel) -> None:
    assert said(kernel, "import socket; print([name for _, name in socket.if_nameindex()])") == "['lo']"
    run = kernel.run("import socket; socket.getaddrinfo('example.org', 443)")
    assert run.error.startswith("gaierror")
    assert kernel.run("socket.create_connection(('192.0.2.1', 80), 3)").error.startswith("OSError: [Errno 101]")


def test_abstract_unix_sockets_of_this_machine_are_not_there(kernel: Kernel, open_door: Kernel) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        name = f"nbalign-test-{os.getpid()}"
        server.bind(f"\0{name}")
        server.listen()
        source = f"import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('\\0{name}')\nprint('reached')"
        stopped(kernel, open_door, source, "reached")


def test_files_of_this_machine_cannot_be_read(kernel: Kernel, open_door: Kernel, tmp_path: Path) -> None:
    secret = tmp_path / "study" / "nbalign.db"
    secret.parent.mkdir()
    secret.write_text(SECRET)
    stopped(kernel, open_door, f"print(open({str(secret)!r}).read())", SECRET)


def test_nor_through_the_processes_of_this_machine(kernel: Kernel, open_door: Kernel, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    source = (
        "import os\nfor p in os.listdir('/proc'):\n"
        f"    try: print(open(f'/proc/{{p}}/root' + {str(secret)!r}).read())\n    except OSError: pass"
    )
    stopped(kernel, open_door, source, SECRET)


def test_the_home_folder_shows_nothing_but_the_python_in_it(kernel: Kernel) -> None:
    home = str(Path.home())
    pythons = {sys.prefix, sys.base_prefix, str(Path(sys.prefix).resolve()), str(Path(sys.base_prefix).resolve())}
    first = {place.removeprefix(home + "/").split("/")[0] for place in pythons if place.startswith(home + "/")}
    code = f"import os; print(os.listdir({home!r}) if os.path.isdir({home!r}) else [])"
    assert set(eval(said(kernel, code))) <= first


def test_beside_the_python_nothing_is_shown(kernel: Kernel) -> None:
    code = """
import os, sys
prefixes = {sys.prefix, sys.base_prefix} - {'/usr', '/usr/local'}
for folder in {os.path.dirname(prefix) for prefix in prefixes}:
    print(all(any(p == f'{folder}/{n}' or p.startswith(f'{folder}/{n}/') for p in prefixes) for n in os.listdir(folder)))
"""
    assert "False" not in said(kernel, code)


def test_a_workspace_beside_or_in_a_virtual_environment_is_not_in_the_view(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for folder in (".venv/bin", ".venv/lib", ".venv/study", "study", "src"):
        (project / folder).mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to(sys.executable)
    prefix = str(project / ".venv")
    scratch = Scratch()
    try:
        binds, _ = mounts(Interpreter(f"{prefix}/bin/python", prefix, sys.base_prefix), scratch)
    finally:
        scratch.remove()
    shown = {source for source, _, _ in binds} | {target for _, target, _ in binds}
    for hidden in (project, project / "study", project / ".venv", project / ".venv" / "study"):
        assert not {str(hidden), *map(str, hidden.parents)} & shown - {"/tmp"}
    assert f"{prefix}/lib" in shown
    writable = {source for source, _, writable in binds if writable}
    assert writable == {str(scratch.folder / name) for name in Scratch.WRITABLE}


@pytest.mark.parametrize("place", ["/etc/shadow", "/etc/ssh", "/var", "/sys", "/run", "/mnt", "/etc/hostname", "/boot"])
def test_of_the_system_only_programs_and_libraries_are_shown(kernel: Kernel, place: str) -> None:
    assert said(kernel, f"import os; print(os.path.lexists({place!r}))") == "False"


def test_nothing_outside_the_four_folders_can_be_written(kernel: Kernel) -> None:
    code = """
import os, sys
out = []
for place in ["/", "/usr", "/etc", "/dev", "/home", "/proc", "/bin", sys.prefix + "/bin", sys.base_prefix + "/lib",
              os.path.dirname(os.__file__)]:
    try:
        open(place + "/nbalign-escaped", "w").close()
        out.append(place)
    except OSError:
        pass
for place in ["/etc/passwd", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/kernel/hostname",
              sys.executable]:
    try:
        os.close(os.open(place, os.O_WRONLY))
        out.append(place)
    except OSError:
        pass
print(out)
"""
    assert said(kernel, code) == "[]"
    # Who owns the files must not matter: the mounts themselves are read-only.
    code = "import os, sys\nfor p in ['/', '/usr', '/etc', '/dev', sys.prefix + '/lib', sys.base_prefix + '/bin']:\n"
    assert "False" not in said(kernel, code + "    print(bool(os.statvfs(p).f_flag & os.ST_RDONLY))")
    code = "import os, tempfile\nfor p in ['.', os.environ['HOME'], tempfile.gettempdir(), '/dev/shm']:\n"
    assert (
        said(kernel, code + "    open(p + '/mine', 'w').close(); os.remove(p + '/mine')\nprint('written')") == "written"
    )


def test_secrets_of_our_environment_cannot_be_read(
    kind: Isolation, open_door: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBALIGN_TEST_TOKEN", SECRET)
    code = (
        "import os\nprint(dict(os.environ))\nfor p in os.listdir('/proc'):\n"
        "    try: print(open(f'/proc/{p}/environ').read())\n    except OSError: pass"
    )
    assert os.environ["NBALIGN_TEST_TOKEN"] == SECRET
    with open_kernel([], isolation=kind) as kernel:
        assert SECRET not in text(kernel.run(code))
        assert said(kernel, "import os; print(sorted(k for k in os.environ if 'TOKEN' in k or 'NBALIGN' in k))") == "[]"
    # setenv changes what a child gets and not what /proc shows of us, so the control is a variable we were born with.
    name = next(name for name in ("HOME", "PATH", "PWD") if name in os.environ)
    assert os.environ[name] in text(open_door.run(code))


def test_our_processes_can_neither_be_seen_nor_killed_nor_traced(kernel: Kernel, open_door: Kernel) -> None:
    us = os.getpid()
    stopped(kernel, open_door, f"import os\nos.kill({us}, 0)\nprint('could be killed')", "could be killed")
    stopped(kernel, open_door, f"import os\nprint('seen' if os.path.exists('/proc/{us}/stat') else 'not')", "seen")
    trace = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    run = said(kernel, f"{trace}print(libc.ptrace(16, {us}, 0, 0), ctypes.get_errno())")
    assert run == "-1 3", "no such process"


def test_the_first_process_cannot_be_killed_from_inside(kernel: Kernel) -> None:
    assert kernel.run("import os\ntry: os.kill(1, 9)\nexcept PermissionError: pass").state == "ok"
    assert said(kernel, "1 + 1") == "2"


def test_the_code_has_no_rights_and_gets_none(kernel: Kernel) -> None:
    status = said(kernel, "print(open('/proc/self/status').read())")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert {fields[name] for name in ("CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert fields["NoNewPrivs"] == "1"
    assert fields["Uid"].split()[0] != "0", "root's number alone opens root's files"
    code = "import ctypes\nl = ctypes.CDLL(None)\nprint(l.mount(b'x', b'/tmp', b'tmpfs', 0, None), l.setuid(0), l.chroot(b'/'))"
    assert said(kernel, code) == "-1 -1 -1"


def test_our_own_sandbox_forbids_user_namespaces_inside(kind: Isolation, kernel: Kernel) -> None:
    if kind == "bubblewrap" and os.geteuid() == 0:
        pytest.skip("bubblewrap forbids them for ordinary users alone; root gets our own sandbox by default")
    # In a process of its own: with more than one thread, as a kernel has, the answer would be no in any case.
    ask = "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))"
    run = f"import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', {ask!r}], text=True))"
    assert said(kernel, run) == "-1"


def test_devices_are_the_harmless_ones(kernel: Kernel) -> None:
    names = set(eval(said(kernel, "import os; print(os.listdir('/dev'))")))
    harmless = {"null", "zero", "full", "random", "urandom", "tty", "fd", "stdin", "stdout", "stderr", "pts", "ptmx"}
    assert names <= harmless | {"shm", "console", "core"}
    code = "import os\ntry:\n    os.mknod('sda', 0o60600, os.makedev(8, 0)); print('made')\nexcept OSError: print('no')"
    assert said(kernel, code) == "no"
