import torch

w = torch.tensor(0.9, requires_grad=True)
h = torch.tensor([1.0, -1.0])
for step in range(4):
    h = torch.tanh(w * h + 0.1)
loss = h.pow(2).sum()
loss.backward()
print("w was used four times; its gradient is the sum:", w.grad)
