"""The store of tensor values behind a recording's refs: whole while the budget lasts, then statistics and a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor

from graphviz_app.engine.arrays import picture_of, statistics_of, to_numpy, to_save, unexpanded
from graphviz_app.engine.describing import described, safe_meta, text_of_tensor
from graphviz_app.engine.entries import CHANGED, GONE, NO_DATA, UNKNOWN, Dropped, Entry, Live, Summary
from graphviz_app.engine.errors import EngineError
from graphviz_app.engine.older import OLDER, Older
from graphviz_app.engine.tables import meta_of
from graphviz_app.recording.formatting import shape
from graphviz_app.recording.model import NONE, SMALL, TensorMeta, ValueInfo
from graphviz_app.recording.stats import Array, short_text

GIANT = 8
"""A value over this fraction of the budget is not copied even while there is room: a few would take all of it."""


class ValueStore:
    """Keeps tensor values under a budget.

    Parameters
    ----------
    budget
        Bytes of values that may be kept whole.
    norms
        Whether the short text of a value that is not written out tells its norm, which reads all of it.
    """

    def __init__(self, budget: int, *, norms: bool = True) -> None:
        self._norms = norms
        self.entries: list[Entry] = []
        self.budget = budget
        self.used = 0
        self.watched: dict[int, list[int]] = {}
        """refs of the large gradients whose memory the recording shares with the program until it is changed, by
        where that memory begins."""
        self.for_leaves = 0
        """Bytes of the budget taken by gradients of this pass that leaves may have now: at most half of it."""
        self._borrowed = 0
        self.snapshots = 0
        """Bytes of large leaves to whose values this pass refers: at most an eighth of the budget."""
        self.sizes: dict[int, int] = {}
        """Bytes of the budget that each large value takes; a small one takes its own."""
        self.older = Older(self._drop)
        self.strides: dict[int, tuple[int, ...]] = {}
        """Strides that the program's tensor had, where those of its copy are others."""
        self.hypothetical: set[int] = set()
        """refs of values that the program never had: they are not saved with the recording."""
        self.over_budget = 0
        """How many values were kept as a summary, or not at all, for want of room."""

    def keep(self, tensor: Tensor) -> int:
        """Copy `tensor` as it is now (its storage may be overwritten later); returns its ref."""
        entries = self.entries
        ref = len(entries)
        try:
            if tensor.requires_grad:
                tensor = tensor.detach()
            size = tensor.nbytes
            if size <= SMALL * 4 and self.used + size <= self.budget:
                copy = self.copied(ref, tensor)
                self.used += size
                entries.append(copy)
            else:
                entries.append(self._large(tensor, size))
        except Exception:  # a sparse tensor has no nbytes, and tensor subclasses raise what they like
            entries.append(self._odd(tensor))
        return ref

    def copied(self, ref: int, tensor: Tensor) -> Tensor:
        """A copy of `tensor` to be kept under `ref`; its own strides are noted where the copy has others."""
        copy = tensor.clone()
        self.note_strides(ref, tensor, copy)
        return copy

    def note_strides(self, ref: int, tensor: Tensor, copy: Tensor) -> None:
        """Remember the strides of what is kept under `ref`, where its copy has others."""
        if not tensor.is_contiguous() and copy.stride() != tensor.stride():
            self.strides[ref] = tensor.stride()

    def keep_live(self, tensor: Tensor, version: int = NONE) -> int:
        """Refer to a tensor that the program keeps alive anyway; with a `version`, only as long as it has that one."""
        self.entries.append(Live(tensor, version))
        return len(self.entries) - 1

    def keep_reshaped(self, ref: int, sizes: tuple[int, ...]) -> int:
        """Keep the value of `ref` in another shape; :data:`NONE` where it has no numbers or no such view."""
        entry = self.entries[ref]
        if isinstance(entry, (Summary, Dropped)):
            return NONE
        try:
            found = _tensor_of(entry).reshape(sizes)
        except Exception:  # tensor subclasses raise what they like
            return NONE
        if not isinstance(entry, Live):
            self.entries.append(found)
        elif found.data_ptr() == entry.tensor.data_ptr():  # a copy would not tell that the tensor was changed
            self.entries.append(Live(found, entry.version))
        else:
            return NONE
        return len(self.entries) - 1

    def borrow(self, tensor: Tensor, size: int) -> int:
        """Refer to a tensor that nobody may keep alive but us, on the budget; dropped when there is no room for it."""
        if self._borrowed + size > self.budget // 8 or not self.room(size):
            self.over_budget += 1
            self.entries.append(Dropped(meta_of(tensor), GONE))
            return len(self.entries) - 1
        self._borrowed += size
        return self.keep_counted(tensor.detach(), _version(tensor), size)

    def keep_counted(self, tensor: Tensor, version: int, size: int) -> int:
        """Refer to a tensor whose `size` bytes are alive for our sake, on the budget."""
        self.used += size
        self.sizes[len(self.entries)] = size
        return self.keep_live(tensor, version)

    def room(self, size: int) -> bool:
        """Whether `size` bytes more may be kept, once what older passes have is let go of as far as need be."""
        while self.used + size > self.budget:
            freed = self.older.let_go()
            if freed < 0:
                return False
            self.used = max(0, self.used - freed)
        return True

    def close_pass(self, passes: int) -> None:
        """A pass that is inside no other is over, the last of so many."""
        self.older.close(len(self.entries), passes)
        self.for_leaves = self._borrowed = self.snapshots = 0

    def summarise(self, tensor: Tensor) -> int:
        """Statistics and a picture of `tensor` as it is now, whatever room there is; returns their ref."""
        self.entries.append(self._summary(tensor))
        return len(self.entries) - 1

    def watch(self, ref: int, tensor: Tensor) -> None:
        """Let `ref` be a `tensor` whose memory the program can reach: it is copied before the program changes it."""
        self.entries[ref] = Live(tensor, _version(tensor))
        self.watched.setdefault(tensor.untyped_storage().data_ptr(), []).append(ref)

    def snapshot(self, tensor: Tensor) -> int:
        """ref of a leaf's value as it is now.

        A small one is copied; a large one is copied once the program is about to change it, while that takes at most
        an eighth of the budget in all. :data:`NONE` when there is no room for it.
        """
        try:
            size = tensor.nbytes
            if size <= SMALL * 4 or type(tensor.detach()) is not Tensor:
                return self.keep(tensor)
            if self.snapshots + size > self.budget // 8:
                return NONE
            self.snapshots += size
            self.entries.append(Dropped(meta_of(tensor), CHANGED))
            self.watch(len(self.entries) - 1, tensor.detach())
        except Exception:  # a sparse tensor has no nbytes, and tensor subclasses raise what they like
            return self.keep(tensor)
        return len(self.entries) - 1

    def before_change(self, tensor: Tensor) -> None:
        """Copy what shares its memory with a tensor that is about to be changed in place."""
        try:
            storage = tensor.untyped_storage()
            refs = self.watched.pop(storage.data_ptr(), ())
        except Exception:  # sparse tensors have no storage, and tensor subclasses raise what they like
            return
        more = storage.nbytes() - sum(self.sizes.get(ref, 0) for ref in refs)
        if not refs or not self.room(max(0, more)):
            return
        copy: torch.UntypedStorage | None = None
        for ref in refs:
            entry = self.entries[ref]
            if isinstance(entry, Live) and (old := self._tensor(entry)) is not None:
                if copy is None:
                    copy = storage.clone()  # type: ignore[no-untyped-call]
                    self.sizes[ref] = self.sizes.get(ref, 0) + max(0, more)
                    self.used += max(0, more)
                self.sizes.setdefault(ref, 0)  # the memory is that of the first
                new = torch.empty(0, dtype=old.dtype, device=old.device)
                with torch.no_grad():
                    self.entries[ref] = new.set_(copy, old.storage_offset(), old.shape, old.stride())

    def drop(self, tensor: Tensor, why: str) -> int:
        """A ref for a value that cannot be kept."""
        self.entries.append(Dropped(safe_meta(tensor), why))
        return len(self.entries) - 1

    def drop_meta(self, meta: TensorMeta, why: str) -> int:
        """The same when only its metadata is known."""
        self.entries.append(Dropped(meta, why))
        return len(self.entries) - 1

    def suppose(self, tensor: Tensor) -> int:
        """Keep a value that the program never had, until :meth:`forget`; returns its ref."""
        before = self.over_budget
        ref = self.keep(tensor)
        self.over_budget = before
        self.hypothetical.add(ref)
        return ref

    def forget(self, refs: Iterable[int], why: str) -> None:
        """Let go of hypothetical values; `why` is said to whoever asks for one of them still."""
        for ref in refs:
            entry = self.entries[ref]
            if isinstance(entry, Tensor) and entry.layout == torch.strided and not entry.is_nested:
                base = unexpanded(entry)
                self.used -= entry.nbytes if base is None else base.nbytes
            if not isinstance(entry, Dropped):
                meta = entry.meta if isinstance(entry, Summary) else safe_meta(_tensor_of(entry))
                self.entries[ref] = Dropped(meta, why)

    def describe(self, refs: Sequence[int]) -> list[ValueInfo]:
        """What is known of each ref, in the order asked.

        Raises
        ------
        EngineError
            When a ref does not exist.
        """
        return [self._describe(ref, self._entry(ref)) for ref in refs]

    def fetch(self, ref: int) -> Array:
        """All elements of one value, in its shape.

        Raises
        ------
        EngineError
            When it was not kept whole.
        """
        tensor = self.tensor(ref)
        try:
            return to_numpy(tensor)
        except Exception as error:  # tensor subclasses raise what they like
            raise EngineError(NO_DATA) from error

    def tensor(self, ref: int) -> Tensor:
        """The tensor that was kept, or that the program still has unchanged: not to be written to.

        Raises
        ------
        EngineError
            When it was not kept whole.
        """
        entry = self._entry(ref)
        if isinstance(entry, Summary):
            raise EngineError(GONE)
        if isinstance(entry, Dropped):
            raise EngineError(entry.why)
        tensor = self._tensor(entry)
        if tensor is None:
            raise EngineError(CHANGED)
        return tensor

    def arrays(self) -> Iterator[tuple[int, TensorMeta, Array | Summary | None]]:
        """Every value for saving: (ref, metadata, all elements, or a summary, or ``None`` when nothing was kept)."""
        for ref, entry in enumerate(self.entries):
            if ref in self.hypothetical:
                continue
            if isinstance(entry, Summary):
                yield ref, entry.meta, entry
            elif isinstance(entry, Dropped):
                yield ref, entry.meta, None
            else:
                tensor = self._tensor(entry)
                whole = entry.tensor if isinstance(entry, Live) else entry
                try:
                    yield ref, meta_of(whole), None if tensor is None else to_save(tensor, self.budget)
                except Exception:  # tensor subclasses raise what they like
                    yield ref, meta_of(whole), None

    def text_of(self, ref: int) -> str:
        """Short form of a value for a label; empty for :data:`NONE`."""
        if ref == NONE:
            return ""
        entry = self._entry(ref)
        if isinstance(entry, (Summary, Dropped)):
            return short_text(entry.meta.shape, None, entry.stats.norm if isinstance(entry, Summary) else None)
        tensor = self._tensor(entry)
        return (
            shape(meta_of(entry.tensor if isinstance(entry, Live) else entry).shape)
            if tensor is None
            else text_of_tensor(tensor, norm=self._norms)
        )

    def same(self, ref: int, tensor: Tensor) -> bool:
        """Whether the whole value kept under `ref` equals `tensor` bit for bit in shape, dtype and numbers."""
        entry = self.entries[ref] if ref != NONE else None
        if isinstance(entry, Live) and entry.tensor is tensor:
            return self._tensor(entry) is not None
        if not isinstance(entry, Tensor) or entry.shape != tensor.shape or entry.dtype != tensor.dtype:
            return False
        try:
            return torch.equal(entry, tensor)
        except Exception:  # as above
            return False

    def has(self, ref: int, tensor: Tensor) -> bool:
        """Whether `ref` is `tensor` as it is now: equal to it, or its very memory."""
        entry = self.entries[ref]
        if self.same(ref, tensor):
            return True
        if not isinstance(entry, Live) or self._tensor(entry) is None:
            return False
        return entry.tensor.shape == tensor.shape and entry.tensor.data_ptr() == tensor.data_ptr()

    def _large(self, tensor: Tensor, size: int) -> Entry:
        base = unexpanded(tensor)
        needed = size if base is None else base.nbytes
        if needed <= self.budget // GIANT and self.room(needed):
            self.used += needed
            self.sizes[len(self.entries)] = needed
            return tensor.clone() if base is None else base.clone().expand(tensor.shape)
        return self._summary(tensor)

    def _odd(self, tensor: Tensor) -> Entry:
        """A copy of a sparse tensor, counted as the dense one it will be shown as; anything else is dropped."""
        try:
            if tensor.layout == torch.strided:
                return Dropped(safe_meta(tensor), NO_DATA)
            size = tensor.numel() * tensor.element_size()
            if size > self.budget // GIANT or not self.room(size):
                self.over_budget += 1  # even a summary would need all of it
                return Dropped(meta_of(tensor), GONE)
            copy = tensor.clone()
        except Exception:  # as above
            return Dropped(safe_meta(tensor), NO_DATA)
        self.used += size
        self.sizes[len(self.entries)] = size
        return copy

    def _drop(self, refs: Iterable[int]) -> int:
        """Let go of values of older passes; returns the bytes that frees."""
        freed = 0
        for ref in refs:
            entry = self.entries[ref]
            if isinstance(entry, Dropped) or ref in self.hypothetical:
                continue
            meta = entry.meta if isinstance(entry, Summary) else safe_meta(_tensor_of(entry))
            if isinstance(entry, Tensor) and ref not in self.sizes:
                freed += entry.nbytes
            freed += self.sizes.pop(ref, 0)
            self.strides.pop(ref, None)
            self.entries[ref] = Dropped(meta, OLDER)
        return freed

    def _summary(self, tensor: Tensor) -> Summary:
        self.over_budget += 1
        plain = tensor.detach()
        return Summary(meta_of(plain), statistics_of(plain), picture_of(plain))

    def _entry(self, ref: int) -> Entry:
        if not 0 <= ref < len(self.entries):
            raise EngineError(UNKNOWN)
        return self.entries[ref]

    @staticmethod
    def _tensor(entry: Tensor | Live) -> Tensor | None:
        if isinstance(entry, Live):
            unchanged = entry.version == NONE or _version(entry.tensor) == entry.version
            return entry.tensor if unchanged else None
        return entry

    def _describe(self, ref: int, entry: Entry) -> ValueInfo:
        if isinstance(entry, Summary):
            text = short_text(entry.meta.shape, None, entry.stats.norm)
            return ValueInfo(ref, entry.meta, "summary", entry.stats, text, None, entry.preview)
        if isinstance(entry, Dropped):
            return ValueInfo(ref, entry.meta, "dropped", None, shape(entry.meta.shape))
        tensor = self._tensor(entry)
        if tensor is None:
            meta = meta_of(entry.tensor) if isinstance(entry, Live) else meta_of(entry)
            return ValueInfo(ref, meta, "dropped", None, shape(meta.shape))
        return described(ref, tensor)


def _tensor_of(entry: Tensor | Live) -> Tensor:
    return entry.tensor if isinstance(entry, Live) else entry


def _version(tensor: Tensor) -> int:
    return NONE if tensor.is_inference() else tensor._version
