import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
for scale in (1.0, 10.0):
    loss = (scale * w * w).sum()
    loss.backward()
    print("after", scale, "w.grad =", w.grad)

w.grad = None
loss = (w * w).sum()
loss.backward()
print("after w.grad = None:", w.grad)
