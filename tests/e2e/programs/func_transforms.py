"""torch.func: grad, vmap, jacrev, hessian, beside an ordinary backward."""

import torch
from torch.func import grad, hessian, jacrev, jvp, vmap


def f(t):
    return (t.sin() * t).sum()


point = torch.randn(3)
print(grad(f)(point))
print(vmap(grad(f))(torch.randn(4, 3)).shape)
print(jacrev(torch.sin)(point))
print(hessian(f)(point))
print(jvp(f, (point,), (torch.ones(3),)))
x = torch.randn(3, requires_grad=True)
y = f(x)
y.backward()
