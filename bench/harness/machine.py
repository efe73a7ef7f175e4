"""On what a run was measured, as rows of a table."""
import os
import platform
import re
import subprocess
from datetime import datetime, timezone

import server as servers
from server import Server


def rows(server: Server, root: str) -> list[list[str]]:
    """`root` is the checkout that was measured."""
    with open("/proc/cpuinfo") as file:
        models = re.findall(r"model name\s*: (.*)", file.read())
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read())[1])
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    file_system = said(["stat", "--file-system", "--format=%T", server.folder])
    return [
        ["date", datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")],
        ["source", f"commit {said(['git', '-C', root, 'describe', '--always', '--dirty', '--exclude=*'])}"],
        ["machine", f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {memory / 1024 ** 2:.0f} GiB"],
        ["system", f"{system}, Linux {platform.release()}; the database’s files are on {file_system}"],
    ]


def database(server: Server, orders: str) -> str:
    settings = ", ".join(f"`{name}={value}`" for name, value in servers.SETTINGS.items())
    return f"PostgreSQL {server.query('show server_version')}, on a Unix socket, {orders}; {settings}"


def runtime() -> str:
    versions = re.findall(r"Microsoft\.AspNetCore\.App (\S+)", said(["dotnet", "--list-runtimes"]))
    return f"ASP.NET Core {versions[-1] if versions else ''}"


def said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "unknown"
