"""What autograd is: requires_grad passed on, grad_fn, a mean, and no_grad at the end."""

import torch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
out.backward()
print(x.grad)

v_in = torch.randn(3, requires_grad=True)
doubled = v_in * 2
while doubled.data.norm() < 1000:
    doubled = doubled * 2
v = torch.tensor([0.1, 1.0, 0.0001], dtype=torch.float)
doubled.backward(v)
print((v_in**2).requires_grad)
with torch.no_grad():
    print((v_in**2).requires_grad)
