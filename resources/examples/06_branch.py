import torch

x = torch.tensor([-1.0, 0.5, 2.0], requires_grad=True)
y = x * 2
if y.sum() > 0:
    z = y.exp()
else:
    z = y.abs()
mask = x.detach() > 0
kept = torch.where(mask, z, torch.zeros_like(z))
kept.sum().backward()
print(x.grad)
