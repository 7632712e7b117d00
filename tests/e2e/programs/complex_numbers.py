"""Autograd for complex numbers: a phase found by gradient descent, and an FFT."""

import torch

target = torch.tensor([1.0 + 1.0j, -1.0j])
z = torch.tensor([0.5 + 0.1j, 1.0 - 2.0j], requires_grad=True)
for _ in range(2):
    loss = (z - target).abs().square().sum()
    loss.backward()
    with torch.no_grad():
        z -= 0.1 * z.grad
signal = torch.randn(8, requires_grad=True)
power = torch.fft.rfft(signal).abs().pow(2).sum()
power.backward()
