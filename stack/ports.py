"""Which ports the stack needs, and who has one of them already."""

import socket
from dataclasses import dataclass

import psutil

from settings.language import text


@dataclass(frozen=True)
class Port:
    """A TCP port that one part listens on, and the variable that moves it."""

    number: int
    use: str
    variable: str
    host: str = "127.0.0.1"


def taken(ports: list[Port]) -> list[str]:
    """One line for each port that cannot be had: whose it is and how to move ours. Empty when all are free."""
    return [_explain(port) for port in ports if not _is_free(port)]


def _is_free(port: Port) -> bool:
    with socket.socket() as listener:
        # As servers do: connections of a server that has just stopped do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((port.host, port.number))
        except OSError:
            return False
    return True


def _explain(port: Port) -> str:
    who = _holder(port.number)
    return text(
        f"Port {port.number} ({port.use}) is taken by {who or 'a process of another user'}. "
        f"Stop it, or set {port.variable}, or move all ports: make up PORT_OFFSET=200",
        f"端口 {port.number}({port.use})已被占用：{who or '其他用户的进程'}。"
        f"请停止该进程，或设置 {port.variable}，或整体移动端口：make up PORT_OFFSET=200",
    )


def _holder(number: int) -> str | None:
    """The process that listens on a port, as far as this user may see it."""
    for process in psutil.process_iter(["pid", "name", "cmdline"]):
        try:
            connections = process.net_connections(kind="tcp")
        except (psutil.Error, PermissionError):
            continue
        if any(each.status == psutil.CONN_LISTEN and each.laddr.port == number for each in connections):
            command = " ".join(process.info["cmdline"] or [process.info["name"]])
            return f"{process.info['name']}, pid {process.info['pid']}: {command[:120]}"
    return None
