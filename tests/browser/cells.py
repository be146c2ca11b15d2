"""The cells of the small notebooks that the tests of this folder look at."""

MATHS = "# Greys\n\nA title with $\\boldsymbol{x}^2$. Said aloud.\n\n$$\\mathbb{E}_q[\\log p(x \\mid z)] \\le 0$$"
PLAYER = """
import time
import numpy as np
from coursekit.widgets import FramePlayer

calls = []

def redraw(level, name):
    calls.append(level)
    time.sleep(0.1)
    if name == "broken":
        raise ValueError("no such grey")
    return np.full((8, 8), level)

levels = np.linspace(0, 1, 5)
frames = [[np.full((8, 8), level)] * 2 for level in levels]
FramePlayer(frames, [("level", levels), ("name", ["fine", "broken"])], redraw=redraw, title="Grey", alt="A grey square")
"""
SLIDER = "import ipywidgets\n\nipywidgets.IntSlider(3, 0, 10)"
FIGURE = "import matplotlib.pyplot as plt\n\nplt.plot([1, 3, 2])\nplt.show()"
HALVES = """
from coursekit.training import backend

keras = backend.load()
import ipywidgets
import numpy as np

from coursekit.widgets import DecoderExplorer

halves = keras.Sequential([keras.Input((2,)), keras.layers.Dense(64)])  # z1 on the left, z2 on the right
kernel = np.repeat(np.eye(2), 4, axis=1)[:, None].repeat(8, axis=1)
halves.set_weights([kernel.reshape(2, 64), np.zeros(64)])
explorer = DecoderExplorer(halves, cmap="gray", points=[[1, 1], [-2, 0]], labels=["a", "b"], alt="Two halves")
explorer
"""
BUTTON = """
word, button = ipywidgets.Label("nothing yet"), ipywidgets.Button(description="From Python")
explorer.observe(lambda change: setattr(word, "value", f"Python has {change.new[0]:.1f}"), "z")
button.on_click(lambda _: setattr(explorer, "z", [-3, 3]))
ipywidgets.HBox([button, word])
"""
MANY = """
many = keras.Sequential([keras.Input((20,)), keras.layers.Dense(48, "sigmoid"), keras.layers.Reshape((4, 4, 3))])
kernel = np.zeros((20, 16, 3))
kernel[2, :, 0] = 1  # z3 is how red it is
many.set_weights([kernel.reshape(20, 48), np.tile([0, 4, -4], 16)])
DecoderExplorer(many, origin=np.ones(20), title="Twenty numbers")
"""
ASKED = """
pulse = keras.Sequential([keras.Input((2,)), keras.layers.Dense(64), keras.layers.Softmax()])
kernel = np.zeros((2, 64))
kernel[0, 36] = 100
pulse.set_weights([kernel, np.zeros(64)])
DecoderExplorer(pulse, cmap="gray", title="Asked")
"""
GAME = """
from coursekit.widgets import GanGame2D

GanGame2D(title="The game", seed=3)
"""
POINTS = """
import numpy as np

GanGame2D(np.random.default_rng(0).normal(0, 0.5, (200, 2)), start_steps=20)
"""
MELODIES = """
import numpy as np

from coursekit.widgets import MelodyPlayer

scale = np.zeros((2, 32), int)
scale[0, ::4] = 41 + np.array([0, 2, 4, 5, 7, 9, 11, 12])  # C4 upwards, eight quarter notes
scale[1, [0, 8, 16]] = [50, 1, 53]  # A4 for half a bar, a rest, C5 for a whole one
MelodyPlayer(scale, ["a scale", "with a rest"], axis="which", bpm=120, title="Two", alt="Two melodies")
"""
TRAINING = """
import time

import numpy as np

from coursekit.widgets import TrainingMonitor
import keras

class FiveSeconds(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.end = time.perf_counter() + 5

    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = time.perf_counter() > self.end

x = np.random.default_rng(0).random((2000, 64)).astype("float32")
model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(32, "tanh"), keras.layers.Dense(64, "sigmoid")])
model.compile("adam", "mse")
monitor = TrainingMonitor(x[:8], lambda x: {"images": x, "decoded": model(x)}, share=0.4, title="Tiny")
history = model.fit(x, x, epochs=500, verbose=0, callbacks=[monitor, FiveSeconds()])
"""
