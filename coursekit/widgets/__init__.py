"""Widgets: `FramePlayer`, `DecoderExplorer`, `GanGame2D` and `MelodyPlayer` run in the page, `SoundPlayer` by the
browser's own player, `TrainingMonitor` in the kernel.

base.py says what a new widget of the page needs.
"""

from coursekit.widgets.decoder_explorer import DecoderExplorer
from coursekit.widgets.frame_player import FramePlayer
from coursekit.widgets.gan_game import GanGame2D
from coursekit.widgets.melody_player import MelodyPlayer
from coursekit.widgets.sound_player import SoundPlayer

__all__ = ["DecoderExplorer", "FramePlayer", "GanGame2D", "MelodyPlayer", "SoundPlayer", "TrainingMonitor"]


def __getattr__(name):
    if name == "TrainingMonitor":  # a Keras callback: Keras is loaded only where it is needed
        from coursekit.training import backend

        backend.load()
        from coursekit.widgets.training_monitor import TrainingMonitor

        return TrainingMonitor
    raise AttributeError(f"module 'coursekit.widgets' has no attribute {name!r}")
