"""Requests a second against a real gunicorn: one process of four threads, eight connections."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection

CONNECTIONS = 8


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(environment: dict[str, str]) -> Iterator[int]:
    """The port of a running server, ended on leaving."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "tests.bench.served:application",
        "--bind", f"127.0.0.1:{port}", "--threads", "4", "--keep-alive", "30",
        "--log-level", "warning",
    ]  # fmt: skip
    settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "LOG_LEVEL": "WARNING"}
    with subprocess.Popen(command, env=os.environ | environment | settings) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start within 30 seconds")


def requests_a_second(port: int, path: str, *, count: int) -> float:
    """Answers a second over kept-open connections; any status but 200 ends the run."""
    each = count // CONNECTIONS

    def ask(times: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(times):
            connection.request("GET", path, headers={"Accept": "application/json"})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"{path} answered {response.status}")
        connection.close()

    ask(20)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        begin = time.perf_counter()
        list(pool.map(ask, [each] * CONNECTIONS))
        return each * CONNECTIONS / (time.perf_counter() - begin)
