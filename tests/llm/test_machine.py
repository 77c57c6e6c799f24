"""Threads and memory follow the tightest bound: affinity, cores, and every cgroup above the process."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.llm.machine import Memory, Processors, memory, processors, threads

GB = 1_000_000_000
HOST = Memory(64 * GB, 50 * GB)
V2_MOUNT = "31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
V1_MOUNTS = (
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
)


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def cpus(count: int) -> frozenset[int]:
    return frozenset(range(count))


def siblings(pairs: dict[int, str]) -> dict[str, str]:
    return {f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list": f"{s}\n" for cpu, s in pairs.items()}


def test_without_any_limit_every_allowed_cpu_counts(tmp_path: Path) -> None:
    found = processors(tmp_path, cpus(6))
    assert (found.allowed, found.cores, found.quota, found.threads) == (6, None, None, 6)


def test_hyper_threads_of_one_core_count_once(tmp_path: Path) -> None:
    write(tmp_path, siblings({0: "0,2", 1: "1,3", 2: "0,2", 3: "1,3"}))
    assert processors(tmp_path, cpus(4)).threads == 2
    assert processors(tmp_path, frozenset({0, 2})).threads == 1, "both allowed CPUs are one core"


def test_cores_are_unknown_when_one_cpu_does_not_tell(tmp_path: Path) -> None:
    write(tmp_path, siblings({0: "0-1"}))
    found = processors(tmp_path, cpus(2))
    assert found.cores is None
    assert found.threads == 2


@pytest.mark.parametrize(
    ("cpu_max", "quota", "count"),
    [
        ("200000 100000", 2.0, 2),
        ("150000 100000", 1.5, 1),
        ("50000 100000", 0.5, 1),
        ("max 100000", None, 8),
        ("", None, 8),
        ("nonsense here", None, 8),
        ("100000 0", None, 8),
    ],
)
def test_version_2_quota(tmp_path: Path, cpu_max: str, quota: float | None, count: int) -> None:
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/app\n",
            "proc/self/mountinfo": V2_MOUNT,
            "sys/fs/cgroup/app/cpu.max": cpu_max + "\n",
        },
    )
    found = processors(tmp_path, cpus(8))
    assert found.quota == quota
    assert found.threads == count


def test_the_tightest_quota_along_the_path_wins(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/pod/container\n",
            "proc/self/mountinfo": V2_MOUNT,
            "sys/fs/cgroup/pod/container/cpu.max": "max 100000\n",
            "sys/fs/cgroup/pod/cpu.max": "300000 100000\n",
            "sys/fs/cgroup/cpu.max": "400000 100000\n",
        },
    )
    assert processors(tmp_path, cpus(16)).threads == 3


def test_version_1_quota(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "4:memory:/m\n1:cpu,cpuacct:/docker/abc\n",
        "proc/self/mountinfo": V1_MOUNTS,
        "sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "400000\n",
        "sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    }
    assert processors(write(tmp_path, files), cpus(16)).quota == 4.0


def test_a_container_that_sees_only_its_own_part_of_the_tree(tmp_path: Path) -> None:
    # Without a cgroup namespace the path names the whole hierarchy, while the mount shows the container's part alone.
    files = {
        "proc/self/cgroup": "0::/docker/abc\n",
        "proc/self/mountinfo": "31 23 0:28 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n",
        "sys/fs/cgroup/cpu.max": "100000 100000\n",
    }
    assert processors(write(tmp_path, files), cpus(8)).quota == 1.0


def test_a_path_outside_the_namespace_falls_back_to_the_top(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/../other\n",
        "proc/self/mountinfo": V2_MOUNT,
        "sys/fs/cgroup/cpu.max": "200000 100000\n",
        "sys/fs/other/cpu.max": "100000 100000\n",
    }
    assert processors(write(tmp_path, files), cpus(8)).quota == 2.0


def test_a_mount_point_with_a_blank(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/\n",
        "proc/self/mountinfo": "31 23 0:28 / /sys/fs/my\\040groups ro - cgroup2 cgroup2 rw\n",
        "sys/fs/my groups/cpu.max": "200000 100000\n",
    }
    assert processors(write(tmp_path, files), cpus(8)).quota == 2.0


def test_version_2_memory_limit_counts_cached_files_as_available(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/app\n",
        "proc/self/mountinfo": V2_MOUNT,
        "sys/fs/cgroup/app/memory.max": f"{4 * GB}\n",
        "sys/fs/cgroup/app/memory.current": f"{3 * GB}\n",
        "sys/fs/cgroup/app/memory.stat": f"anon {GB}\nactive_file {GB}\ninactive_file {GB}\n",
    }
    assert memory(write(tmp_path, files), HOST) == Memory(4 * GB, 3 * GB)


def test_version_1_memory_limit_counts_the_groups_below(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "4:memory:/m\n",
        "proc/self/mountinfo": V1_MOUNTS,
        "sys/fs/cgroup/memory/m/memory.limit_in_bytes": f"{2 * GB}\n",
        "sys/fs/cgroup/memory/m/memory.usage_in_bytes": f"{GB}\n",
        "sys/fs/cgroup/memory/m/memory.stat": f"active_file 0\ntotal_active_file {GB // 2}\ntotal_inactive_file 0\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{40 * GB}\n",
    }
    assert memory(write(tmp_path, files), HOST) == Memory(2 * GB, 2 * GB - GB // 2)


@pytest.mark.parametrize("limit", ["max", "", "9223372036854771712", str(999 * GB)])
def test_no_limit_leaves_the_memory_of_the_machine(tmp_path: Path, limit: str) -> None:
    files = {
        "proc/self/cgroup": "0::/\n",
        "proc/self/mountinfo": V2_MOUNT,
        "sys/fs/cgroup/memory.max": limit + "\n",
    }
    assert memory(write(tmp_path, files), HOST) == HOST


def test_a_group_over_its_limit_has_nothing_left(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/\n",
        "proc/self/mountinfo": V2_MOUNT,
        "sys/fs/cgroup/memory.max": f"{GB}\n",
        "sys/fs/cgroup/memory.current": f"{2 * GB}\n",
    }
    assert memory(write(tmp_path, files), HOST) == Memory(GB, 0)


@given(cgroup=st.text(max_size=80), mountinfo=st.text(max_size=80), limit=st.text(max_size=20))
def test_unreadable_system_files_never_raise(
    tmp_path_factory: pytest.TempPathFactory, cgroup: str, mountinfo: str, limit: str
) -> None:
    root = tmp_path_factory.mktemp("root")
    names = {
        "proc/self/cgroup": cgroup,
        "proc/self/mountinfo": V2_MOUNT + mountinfo,
        "sys/fs/cgroup/cpu.max": limit,
        "sys/fs/cgroup/memory.max": limit,
    }
    for name, text in names.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert processors(root, cpus(4)).threads >= 1
    assert 0 <= memory(root, HOST).available <= HOST.available


@given(
    allowed=st.integers(1, 512),
    cores=st.none() | st.integers(0, 512),
    quota=st.none() | st.floats(0.01, 512, allow_nan=False),
)
def test_threads_never_exceed_a_bound_and_never_fall_to_nothing(
    allowed: int, cores: int | None, quota: float | None
) -> None:
    count = Processors(512, allowed, cores, quota).threads
    assert 1 <= count <= allowed
    assert cores is None or count <= max(1, cores)
    assert quota is None or count <= max(1.0, quota)


def test_this_machine() -> None:
    here = memory()
    assert 0 < here.available <= here.total
    assert 1 <= threads() <= processors().logical
