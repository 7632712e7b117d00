"""Double backward with custom functions: sinh that saves an intermediate, differentiated twice."""

import torch


class Sinh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        expx = torch.exp(x)
        expnegx = torch.exp(-x)
        ctx.save_for_backward(expx, expnegx)
        return (expx - expnegx) / 2, expx, expnegx

    @staticmethod
    def backward(ctx, grad_out, _grad_out_exp, _grad_out_negexp):
        expx, expnegx = ctx.saved_tensors
        grad_input = grad_out * (expx + expnegx) / 2
        grad_input += _grad_out_exp * expx
        grad_input -= _grad_out_negexp * expnegx
        return grad_input


def sinh(x):
    return Sinh.apply(x)[0]


x = torch.tensor([0.5, -1.0, 2.0], dtype=torch.double, requires_grad=True)
out = sinh(x)
(grad_x,) = torch.autograd.grad(out.sum(), x, create_graph=True)
total = grad_x.sum()
total.backward()
print(torch.allclose(x.grad, torch.sinh(x)))
