# data: clip
import torch
from torch import nn

# From T C H W to N C T H W: one clip, three colours.
video = clip.permute(1, 0, 2, 3)[None].float() / 255
video.requires_grad_()

conv = nn.Conv3d(3, 4, 3, padding=(0, 1, 1), bias=False)
with torch.no_grad():  # the frame after minus the one before
    conv.weight[:, :, 1] = 0
    conv.weight[:, :, 0] = -conv.weight[:, :, 2]

motion = conv(video)
energy = motion.square().mean()
energy.backward()
