"""Sequence models and LSTM networks: a part-of-speech tagger, two sentences."""

import torch
from torch import nn, optim
from torch.nn import functional as F

training = [("the dog ate".split(), ["DET", "NN", "V"]), ("everybody read that book".split(), ["NN", "V", "DET", "NN"])]
word_to_ix = {}
for words, _tags in training:
    for word in words:
        word_to_ix.setdefault(word, len(word_to_ix))
tag_to_ix = {"DET": 0, "NN": 1, "V": 2}


class LSTMTagger(nn.Module):
    def __init__(self, embedding, hidden, vocabulary, tags):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden)
        self.hidden2tag = nn.Linear(hidden, tags)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        lstm_out, _ = self.lstm(embeds.view(len(sentence), 1, -1))
        return F.log_softmax(self.hidden2tag(lstm_out.view(len(sentence), -1)), dim=1)


model = LSTMTagger(6, 6, len(word_to_ix), len(tag_to_ix))
loss_function = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
for sentence, tags in training:
    model.zero_grad()
    sentence_in = torch.tensor([word_to_ix[w] for w in sentence], dtype=torch.long)
    targets = torch.tensor([tag_to_ix[t] for t in tags], dtype=torch.long)
    tag_scores = model(sentence_in)
    loss = loss_function(tag_scores, targets)
    loss.backward()
    optimizer.step()
