"""What you can drag: one .py, one .js and one .css a widget."""

from coursekit.widgets.frame_player import FramePlayer

__all__ = ["FramePlayer"]
