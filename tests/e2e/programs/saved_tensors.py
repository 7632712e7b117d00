"""Hooks for autograd saved tensors: what is kept, seen through pack and unpack, and tensors moved to lists."""

import torch
from torch.autograd.graph import saved_tensors_hooks

x = torch.randn(5, requires_grad=True)
y = x.pow(2)
print(x.equal(y.grad_fn._saved_self))

storage = []


def pack_hook(tensor):
    storage.append(tensor.detach().clone())
    return len(storage) - 1


def unpack_hook(name):
    return storage[name]


w = torch.randn(5, requires_grad=True)
with saved_tensors_hooks(pack_hook, unpack_hook):
    z = (y * w).exp().sum()
z.backward()
print(len(storage))

q = torch.randn(5, requires_grad=True)
with torch.autograd.graph.save_on_cpu():
    prod_1 = q * x
    prod_2 = prod_1 * q
total = prod_2.sum()
total.backward()
