"""Autograd mechanics: saved tensors, hooks that keep them on disk, modes, hooks on tensors."""

import torch

x = torch.randn(5, requires_grad=True)
y = x.pow(2)
print(x.equal(y.grad_fn._saved_self))  # True
print(x is y.grad_fn._saved_self)  # True
x = torch.randn(5, requires_grad=True)
y = x.exp()
print(y.equal(y.grad_fn._saved_result))  # True
print(y is y.grad_fn._saved_result)  # False


class SelfDeletingTempFile:
    def __init__(self):
        import os
        import tempfile
        import uuid

        self.name = os.path.join(tempfile.gettempdir(), str(uuid.uuid4()))

    def __del__(self):
        import os

        os.remove(self.name)


def pack_hook(tensor):
    temp_file = SelfDeletingTempFile()
    torch.save(tensor, temp_file.name)
    return temp_file


def unpack_hook(temp_file):
    return torch.load(temp_file.name)


x = torch.randn(5, requires_grad=True)
with torch.autograd.graph.saved_tensors_hooks(pack_hook, unpack_hook):
    y = x**2
y.sum().backward()

x = torch.randn(5, requires_grad=True)
y = x.pow(2)
y.grad_fn._raw_saved_self.register_hooks(lambda t: t * 2, lambda t: t / 2)
y.sum().backward()
print(torch.equal(x.grad, 2 * x))

a = torch.tensor([2.0, 3.0], requires_grad=True)
b = a.clone()
b.retain_grad()
h = b.register_hook(lambda g: g * 2)
b.sum().backward()
print(a.grad, b.grad)
h.remove()
c = torch.tensor([0.0, -1.0, 1.0], requires_grad=True)
c.sqrt().sum().backward()
print(c.grad)
z = torch.view_as_complex(torch.randn(4, 2)).requires_grad_()
(z.abs() ** 2).sum().backward()
with torch.inference_mode():
    q = a * 2
print(q.requires_grad, q.is_inference())
with torch.set_grad_enabled(False):
    r = a * 3
