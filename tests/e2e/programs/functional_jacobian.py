"""torch.autograd.functional: jacobian, hessian, vjp."""

import torch
from torch.autograd.functional import hessian, jacobian, vjp

W = torch.randn(2, 3)


def layer(x):
    return torch.tanh(W @ x)


x = torch.randn(3)
J = jacobian(layer, x)
H = hessian(lambda t: layer(t).sum(), x)
_, product = vjp(layer, x, torch.ones(2))
print(J.shape, H.shape, torch.allclose(product, J.sum(0)))
