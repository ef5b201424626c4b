"""Folders as data settings, and all that a part gives in batches."""

import torch

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder

CPU = torch.device("cpu")


def folder_settings(path, **split):
    return DataSettings(source=Folder(path=str(path)), split=SplitSettings(**split))


def all_of(split, batch_size=16):
    batches = list(split.batches(batch_size, device=CPU))
    return torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])
