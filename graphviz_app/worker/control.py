"""What the parent and the zygote say to each other: one small message a packet of a SEQPACKET socket."""

from __future__ import annotations

import msgspec

PACKET = 4_096
"""Most bytes of one packet."""


class Fork(msgspec.Struct, tag=True):
    """To the zygote: fork a child on the descriptors that come with it (socket, standard output, standard error)."""

    ticket: int
    probe: bool
    """Whether the child is to look for devices."""


class Up(msgspec.Struct, tag=True):
    """From the zygote: everything is imported."""


class Forked(msgspec.Struct, tag=True):
    """From the zygote: the child asked for by `ticket` runs."""

    ticket: int
    pid: int


class Gone(msgspec.Struct, tag=True):
    """From the zygote: the child asked for by `ticket` has ended, and everything in its group with it.

    `code` is its exit code; negative: the signal that killed it.
    """

    ticket: int
    code: int


FromZygote = Up | Forked | Gone
