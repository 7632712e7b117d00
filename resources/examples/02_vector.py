import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.exp(x) * x
v = torch.tensor([1.0, 0.1, 0.01])
y.backward(gradient=v)
print("v · J =", x.grad)
