"""Starting processes for runs: forked from a zygote where that works, spares started ahead where it does not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import IO, Protocol

import msgspec

from graphviz_app.worker.command import command, environment
from graphviz_app.worker.control import PACKET, Fork, Forked, FromZygote, Up
from graphviz_app.worker.life import end_group, exited

TAIL = 8_192
"""Bytes read of what a process that could not start wrote to its standard error."""

PATIENCE = 0.5
"""Seconds the zygote has to end after it was told to; it may be busy importing."""


class Process:
    """One process for one run, and the leader of its own group.

    Attributes
    ----------
    pid
        ``None`` until it is known.
    code
        Its exit code once it has ended (negative: the signal that killed it), else ``None``.
    is_killed
        Whether we killed it, or will as soon as its number is known.
    """

    def __init__(self) -> None:
        self.pid: int | None = None
        self.code: int | None = None
        self.is_killed = False

    def interrupt(self) -> None:
        """Send it SIGINT, what Ctrl+C sends."""
        if self.pid is not None and self.code is None:
            try:
                os.kill(self.pid, signal.SIGINT)
            except ProcessLookupError:
                return

    def kill(self) -> None:
        """Kill it and everything it started; at once, or as soon as its number is known."""
        self.is_killed = True
        if self.pid is not None and self.code is None:
            end_group(self.pid)

    def started(self, pid: int) -> None:
        """Note its number."""
        self.pid = pid
        if self.is_killed:
            self.kill()


class Spawner(Protocol):
    """Starts processes and knows when they end. Used from one thread, which must outlive what it started."""

    def spawn(self, connection: socket.socket, out: int, err: int, *, probe: bool) -> Process:
        """Start a process on these descriptors, which are closed here; with `probe` it looks for devices."""
        ...

    def filenos(self) -> list[int]:
        """Descriptors that become readable when :meth:`poll` has something to do."""
        ...

    def poll(self) -> None:
        """Bring every process's ``pid`` and ``code`` up to date."""
        ...

    def trouble(self) -> str:
        """What the last process that could not start wrote, its last line."""
        ...

    def close(self) -> None:
        """End every process that was started, and wait for their ends."""
        ...


def make_spawner(use_zygote: bool | None) -> Spawner:
    """The way of starting processes that suits this system, or the one asked for."""
    if use_zygote is None:
        use_zygote = sys.platform.startswith("linux")
    return ZygoteSpawner() if use_zygote else PlainSpawner()


def last_line(text: str) -> str:
    """The last line of `text` that says something, without a full stop."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""


class PlainSpawner:
    """Starts a new interpreter for each process: two or three seconds until it is ready."""

    def __init__(self) -> None:
        self._running: list[tuple[Process, subprocess.Popen[bytes]]] = []
        self._trouble = ""

    def spawn(self, connection: socket.socket, out: int, err: int, *, probe: bool) -> Process:
        """Start a process on these descriptors; they are closed here."""
        process = Process()
        fd = connection.fileno()
        try:
            popen = subprocess.Popen(
                command("child", "--socket", fd, "--parent", os.getpid(), *(["--probe"] if probe else [])),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                pass_fds=(fd,),
                start_new_session=True,
                env=environment(),
            )
        except OSError as error:
            process.code, self._trouble = 127, str(error)
        else:
            process.started(popen.pid)
            self._running.append((process, popen))
        finally:
            connection.close()
            os.close(out)
            os.close(err)
        return process

    def filenos(self) -> list[int]:
        """None: ask :meth:`poll` now and then."""
        return []

    def poll(self) -> None:
        """Bring every process's ``code`` up to date."""
        for process, popen in list(self._running):
            if exited(popen.pid):
                self._finish(process, popen)

    def trouble(self) -> str:
        """What kept the last process from being started; its own words are on its standard error."""
        return self._trouble

    def close(self) -> None:
        """End every process that was started, and wait for their ends."""
        for process, _ in self._running:
            process.kill()
        for process, popen in list(self._running):
            self._finish(process, popen)

    def _finish(self, process: Process, popen: subprocess.Popen[bytes]) -> None:
        end_group(popen.pid)
        process.code = popen.wait()
        self._running.remove((process, popen))


class ZygoteSpawner:
    """Has a zygote fork each process; starts the zygote when it is needed and again when it died."""

    def __init__(self) -> None:
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._stderr: IO[bytes] | None = None
        self._is_up = False
        self._tickets = 0
        self._processes: dict[int, Process] = {}
        self._trouble = ""

    def spawn(self, connection: socket.socket, out: int, err: int, *, probe: bool) -> Process:
        """Have a process forked on these descriptors; they are closed here."""
        process = Process()
        self._tickets += 1
        packet = msgspec.msgpack.encode(Fork(self._tickets, probe))
        try:
            control = self._control or self._start()
            socket.send_fds(control, [packet], [connection.fileno(), out, err])
            self._processes[self._tickets] = process
        except OSError as error:
            process.code, self._trouble = 127, str(error)
            self._bury()
        finally:
            connection.close()
            os.close(out)
            os.close(err)
        return process

    def filenos(self) -> list[int]:
        """The control socket, while there is a zygote."""
        return [self._control.fileno()] if self._control is not None else []

    def poll(self) -> None:
        """Bring every process's ``pid`` and ``code`` up to date."""
        while self._control is not None:
            try:
                packet = self._control.recv(PACKET)
            except BlockingIOError:
                return
            except OSError:
                packet = b""
            if not packet:
                self._bury()
                return
            self._take(msgspec.msgpack.decode(packet, type=FromZygote))

    def trouble(self) -> str:
        """What the last zygote that could not start wrote, its last line."""
        return self._trouble

    def close(self) -> None:
        """End every process that was started, and wait for their ends."""
        for process in self._processes.values():
            process.kill()
        self._bury()

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # In memory: a full disk keeps nobody from running a program. It is read when the zygote has died.
        self._stderr = os.fdopen(os.memfd_create("zygote"), "w+b")
        try:
            self._zygote = subprocess.Popen(
                command("zygote", "--control", theirs.fileno(), "--parent", os.getpid()),
                stdin=subprocess.DEVNULL,
                stdout=self._stderr,
                stderr=self._stderr,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                env=environment(),
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        self._control = ours
        return ours

    def _take(self, message: FromZygote) -> None:
        if isinstance(message, Up):
            self._is_up = True
        elif isinstance(message, Forked):
            self._processes[message.ticket].started(message.pid)
        else:
            self._processes.pop(message.ticket).code = message.code

    def _bury(self) -> None:
        """Let the zygote end, with all it forked, and note what it said."""
        code = self._end_zygote()
        for process in self._processes.values():
            process.code = code if process.pid is None else -signal.SIGKILL
        self._processes.clear()
        self._is_up = False
        if self._stderr is not None:
            self._stderr.seek(max(self._stderr.seek(0, os.SEEK_END) - TAIL, 0))
            self._trouble = last_line(self._stderr.read().decode("utf-8", "replace")) or self._trouble
            self._stderr.close()
            self._stderr = None

    def _end_zygote(self) -> int:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is None:
            return 127
        zygote, self._zygote = self._zygote, None
        if not self._is_up:  # still importing: nothing was forked, and it would not listen
            zygote.kill()
        try:
            return zygote.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            zygote.kill()
            return zygote.wait()
