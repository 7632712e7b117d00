"""The process that imports torch once and forks ready children in a few milliseconds (Linux).

It imports and does nothing more: no tensor is made, no device looked for, no thread started, which is what makes
forking it safe. ``python -m graphviz_app.worker.zygote --control N`` talks over a SEQPACKET socket, one small message
a packet (see :mod:`graphviz_app.worker.control`).
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
from typing import NoReturn

import msgspec
import torch  # noqa: F401  (what all this is for)

from graphviz_app.worker import child
from graphviz_app.worker.control import PACKET, Fork, Forked, FromZygote, Gone, Up
from graphviz_app.worker.life import die_with_parent, end_group, exited, reap
from graphviz_app.worker.stdio import redirect

REST = 0.3
"""Seconds without a request after which what programs often import, and torch itself does not, is imported too."""


def warm_up() -> None:
    """Import what would otherwise cost every program that makes an optimiser 1.3 s: ``torch.optim`` needs it.

    Where it cannot be imported, the programs that need it will say so themselves.
    """
    with contextlib.suppress(Exception):
        importlib.import_module("torch._dynamo")
    gc.collect()
    gc.freeze()


class Zygote:
    """Forks children when told to, reaps them, and ends them all when the parent is gone.

    Parameters
    ----------
    control
        SEQPACKET socket to the parent.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, int] = {}
        self._is_wanted = True
        self._wake_read, self._wake_write = os.pipe()

    def serve(self) -> None:
        """Work until the parent is gone."""
        os.set_blocking(self._wake_write, False)
        os.set_blocking(self._wake_read, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._end)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        self._tell(Up())
        rested = False
        while self._is_wanted:
            readable, _, _ = select.select([self._control.fileno(), self._wake_read], [], [], None if rested else REST)
            if not readable:
                rested = True
                warm_up()
            if self._wake_read in readable:
                os.read(self._wake_read, PACKET)
                self._report_ended()
            if self._control.fileno() in readable and not self._obey():
                self._is_wanted = False
        for pid in self._children:
            end_group(pid)
        for pid in self._children:
            reap(pid)

    def _end(self, *_: object) -> None:
        """The parent is gone, and somebody else may still hold its end of the socket."""
        self._is_wanted = False

    def _obey(self) -> bool:
        """Do what the next packet asks; ``False`` when the parent is gone."""
        packet, fds, _, _ = socket.recv_fds(self._control, PACKET, 3)
        if not packet:
            return False
        message = msgspec.msgpack.decode(packet, type=Fork)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_child(parent, *fds, probe=message.probe)
        for fd in fds:
            os.close(fd)
        self._children[pid] = message.ticket
        self._tell(Forked(message.ticket, pid))
        return True

    def _become_child(self, parent: int, connection: int, out: int, err: int, *, probe: bool) -> NoReturn:
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            for fd in (self._control.detach(), self._wake_read, self._wake_write):
                os.close(fd)
            redirect(out, err)
            os.set_inheritable(connection, False)
            child.serve(socket.socket(fileno=connection), parent, probe=probe)
        finally:
            os._exit(70)

    def _report_ended(self) -> None:
        for pid, ticket in list(self._children.items()):
            if exited(pid):
                end_group(pid)
                del self._children[pid]
                self._tell(Gone(ticket, reap(pid)))

    def _tell(self, message: FromZygote) -> None:
        try:
            self._control.send(msgspec.msgpack.encode(message))
        except OSError:
            return  # the parent is gone: the next read says so


def main() -> None:
    """Start from the command line."""
    parser = argparse.ArgumentParser(description="Fork ready processes for graphviz_app.")
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    options = parser.parse_args()
    die_with_parent(options.parent, signal.SIGTERM)
    os.set_inheritable(options.control, False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child.preload()
    sys.argv = [""]
    gc.collect()
    gc.freeze()
    Zygote(socket.socket(fileno=options.control)).serve()
    os._exit(0)  # taking down an interpreter with torch in it takes a fifth of a second


if __name__ == "__main__":
    main()
