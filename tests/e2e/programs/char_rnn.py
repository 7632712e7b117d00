"""Classifying names with a character-level RNN: one training step with cat, two linear layers and NLLLoss."""

import string

import torch
from torch import nn

letters = string.ascii_lowercase
n_letters, n_categories = len(letters), 3


def line_to_tensor(line):
    tensor = torch.zeros(len(line), 1, n_letters)
    for index, letter in enumerate(line):
        tensor[index][0][letters.index(letter)] = 1
    return tensor


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, letter, hidden):
        combined = torch.cat((letter, hidden), 1)
        hidden = torch.tanh(self.i2h(combined))
        return self.softmax(self.h2o(hidden)), hidden

    def init_hidden(self):
        return torch.zeros(1, self.hidden_size)


rnn = RNN(n_letters, 8, n_categories)
criterion = nn.NLLLoss()


def train(category, line):
    hidden = rnn.init_hidden()
    rnn.zero_grad()
    for letter in line:
        output, hidden = rnn(letter, hidden)
    loss = criterion(output, category)
    loss.backward()
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-0.005)
    return output, loss.item()


output, loss_value = train(torch.tensor([2]), line_to_tensor("satoshi"))
print(loss_value)
