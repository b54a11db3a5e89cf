"""Epochs of the bench's autoencoders in PyTorch. Takes the network's name, reads rows of floats from a file; answers each line it reads by seconds of the clock and of the processor."""

import sys
import time

import numpy as np
import torch

name, path, rows, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
size = 784
torch.set_num_threads(threads)
torch.manual_seed(1)
data = torch.from_numpy(np.fromfile(path, dtype=np.float32).reshape(rows, size))
nn = torch.nn


def dense():
    return nn.Sequential(nn.Linear(size, 128), nn.ReLU(), nn.Linear(128, 32), nn.ReLU(),
                         nn.Linear(32, 128), nn.ReLU(), nn.Linear(128, size))


def convolutional():
    return nn.Sequential(nn.Unflatten(1, (1, 28, 28)),
                         nn.Conv2d(1, 8, 3, 2, 1), nn.LeakyReLU(.1), nn.Conv2d(8, 16, 3, 2, 1), nn.LeakyReLU(.1),
                         nn.Flatten(), nn.Linear(784, 32), nn.Linear(32, 784), nn.LeakyReLU(.1),
                         nn.Unflatten(1, (16, 7, 7)), nn.Upsample(scale_factor=2),
                         nn.Conv2d(16, 8, 3, 1, 1), nn.LeakyReLU(.1), nn.Upsample(scale_factor=2),
                         nn.Conv2d(8, 1, 3, 1, 1), nn.Flatten())


net = dense() if name == "dense" else convolutional()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
scored = data[:256]


def epoch():
    order = torch.randperm(rows)
    for start in range(0, rows, 128):
        batch = data[order[start:start + 128]]
        noisy = batch + 0.2 * torch.randn_like(batch)
        loss = ((net(noisy) - batch) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


for line in sys.stdin:
    start, used = time.perf_counter(), time.process_time()
    if line.strip() == "epoch":
        epoch()
    else:
        with torch.no_grad():
            for _ in range(100):
                net(scored)
    print(time.perf_counter() - start, time.process_time() - used, flush=True)
