"""Keras's callbacks on models with one optimizer and with two, alone and with a checkpoint. A line with an address says
where people met the case."""

import itertools
import os
import signal

import numpy as np
import pytest
import tiny
from tiny import keras

from coursekit.training import Film

DATA = tiny.regression_data(96)
POINTS = DATA[0][:, :2]
FIT = {"batch_size": 8, "epochs": 4, "steps_per_stretch": 5, "verbose": 0}
callbacks = keras.callbacks


def regression(optimizer=None, **settings):
    keras.utils.set_random_seed(0)
    model = tiny.Regression()
    model.compile(optimizer or keras.optimizers.Adam(0.01), jit_compile=False, **settings)
    return model


def gan(**settings):
    keras.utils.set_random_seed(0)
    model = tiny.GAN()
    rates = {"generator": 1e-2, "discriminator": 1e-3}
    model.compile(**{name: keras.optimizers.Adam(rate, **settings) for name, rate in rates.items()}, jit_compile=False)
    return model


def rate(optimizer):
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


class StopAt(callbacks.Callback):
    """Presses Ctrl-C after some stretches, once or twice."""

    resumes_itself = True

    def __init__(self, stretches, presses=1):
        super().__init__()
        self.left, self.presses = stretches, presses

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            for _ in range(self.presses):
                os.kill(os.getpid(), signal.SIGINT)


# -- one model, two optimizers ----------------------------------------------------------------------------------------


# github.com/tensorflow/addons/issues/613, github.com/keras-team/keras/pull/22959
def test_rate_callbacks_go_through_both_optimizers():
    model = gan()
    history = model.fit(
        POINTS, **FIT, callbacks=[callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)]
    )
    assert rate(model.optimizer["generator"]) == pytest.approx(1e-2 / 8)
    assert rate(model.optimizer["discriminator"]) == pytest.approx(1e-3 / 8), "the ratio stays"
    np.testing.assert_allclose(history.history["learning_rate_generator"], [1e-2, 5e-3, 2.5e-3, 1.25e-3], rtol=1e-5)
    model.fit(POINTS, **FIT, callbacks=callbacks.ReduceLROnPlateau("d_loss", min_delta=99.0, patience=1))
    assert rate(model.optimizer["discriminator"]) == pytest.approx(1e-3 / 8 / 1000, rel=1e-3)


def test_one_rate_for_two_is_refused():
    model = gan()
    with pytest.raises(AttributeError, match=r"Expected the optimizer of one network.*\['generator'\]\.learning_rate"):
        model.optimizer.learning_rate = 0.1
    with pytest.raises(AttributeError, match="Expected the optimizer of one network"):
        _ = model.optimizer.lr
    model.fit(POINTS, **FIT)
    assert int(np.array(model.optimizer.iterations)) == 48


# github.com/keras-team/keras/pull/18978
def test_averaged_weights_are_swapped_in_and_the_best_ones_stay():
    model, best = (
        gan(use_ema=True),
        callbacks.EarlyStopping("d_loss", mode="max", patience=9, restore_best_weights=True),
    )
    model.fit(POINTS, **FIT, callbacks=[callbacks.SwapEMAWeights(swap_on_epoch=True), best])
    for ours, theirs in zip(model.get_weights(), best.best_weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)  # the averages must not be put over them afterwards
    with pytest.raises(ValueError, match="Expected an optimizer with use_ema=True for SwapEMAWeights, got none"):
        gan().fit(POINTS, **FIT, callbacks=[callbacks.SwapEMAWeights()])


# github.com/tensorflow/tensorflow/issues/51399
def test_a_schedule_and_a_callback_that_sets_the_rate():
    falling = keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.9)
    for callback in (callbacks.LearningRateScheduler(lambda epoch: 0.1), callbacks.ReduceLROnPlateau("loss")):
        with pytest.raises(
            ValueError, match=r"Expected a number as the learning rate .*, got the schedule ExponentialDecay"
        ):
            regression(keras.optimizers.Adam(falling)).fit(*DATA, **FIT, callbacks=callback)


# github.com/keras-team/keras/issues/18798
def test_a_film_has_a_shot_of_the_start_and_of_every_other_stretch():
    """40 minibatches in stretches of 5; each shot sees the weights of its moment, and a second training starts anew."""
    model = regression()
    film = Film(lambda model: model.net.get_weights()[0].copy(), every=2, stretch=5)
    for _ in range(2):
        model.fit(*tiny.regression_data(80), batch_size=4, epochs=2, steps_per_stretch=5, verbose=0, callbacks=[film])
        assert [step for step, _ in film.shots] == [0, 10, 20, 30, 40]
        weights = [shot for _, shot in film.shots]
        assert all(np.abs(a - b).max() > 1e-4 for a, b in itertools.pairwise(weights))
        np.testing.assert_allclose(weights[-1], model.net.get_weights()[0], atol=1e-6)


def test_better_is_known_by_the_name_or_asked_for():
    stop = callbacks.EarlyStopping("d_loss", patience=0)
    gan().fit(POINTS, **FIT, callbacks=stop)
    assert stop.mode == "min"
    with pytest.raises(ValueError, match=r"Expected EarlyStopping\(monitor='val_auc'\) with mode='min' or mode='max'"):
        regression().fit(*DATA, **FIT, callbacks=[callbacks.EarlyStopping("val_auc")])


# github.com/keras-team/keras/issues/17589
def test_a_callback_that_counts_steps_is_called_at_each(tmp_path):
    settings = {name: value for name, value in FIT.items() if name != "steps_per_stretch"} | {"epochs": 1}
    saver = callbacks.ModelCheckpoint(str(tmp_path / "{batch}.weights.h5"), save_weights_only=True, save_freq=5)
    gan().fit(POINTS, **settings, callbacks=saver)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["10.weights.h5", "5.weights.h5"]


# github.com/mrosol/Nonlincausality/pull/12
def test_an_optimizer_that_has_trained_another_model():
    adam = keras.optimizers.Adam(0.01)
    regression(adam).fit(*DATA, **FIT)
    with pytest.raises(ValueError, match=r"Expected a new optimizer for the model, got .* Adam .* trained another"):
        regression(adam)


# github.com/keras-team/keras/issues/7804
def test_two_epochs_and_two_more(tmp_path):
    model = regression()
    assert model.fit(*DATA, **FIT | {"epochs": 2}).epoch == [0, 1]
    assert model.fit(*DATA, **FIT | {"epochs": 4}, initial_epoch=2).epoch == [2, 3]
    with pytest.raises(ValueError, match=r"more epochs than initial_epoch=15, which are done, got epochs=4\. For two"):
        model.fit(*DATA, **FIT, initial_epoch=15)
    history = regression().fit(*DATA, **FIT, initial_epoch=3, checkpoint=tmp_path / "run")
    assert history.epoch == [3], "no checkpoint yet: it begins where it was told"


# github.com/keras-team/keras/issues/19179
def test_keras_own_backup_goes_on(tmp_path):
    stop = callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: 1 / (2 - epoch))
    model = gan()
    with pytest.raises(ZeroDivisionError):
        model.fit(POINTS, **FIT, callbacks=[callbacks.BackupAndRestore(tmp_path), stop])
    again, unbroken = gan(), gan()
    assert again.fit(POINTS, **FIT, callbacks=[callbacks.BackupAndRestore(tmp_path)]).epoch == [2, 3]
    assert again.fit(POINTS, **FIT | {"epochs": 1}).epoch == [0], "the next fit begins at its own beginning"
    unbroken.fit(POINTS, **FIT)
    with pytest.raises(ValueError, match="Expected checkpoint= or BackupAndRestore, got both"):
        gan().fit(POINTS, **FIT, callbacks=[callbacks.BackupAndRestore(tmp_path)], checkpoint=tmp_path / "run")


# -- what callbacks remember, in the checkpoint -----------------------------------------------------------------------


class Count(callbacks.Callback):
    """A callback of one's own."""

    def __init__(self):
        super().__init__()
        self.seen, self.means, self.opened = [], {"w": np.zeros(2)}, None

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(epoch)
        self.means = {"w": self.means["w"] + 1}


def several(folder):
    """All that changes the course of a training, and what keeps a record of it."""
    best = callbacks.ModelCheckpoint(
        str(folder / "best.weights.h5"), "val_loss", save_best_only=True, save_weights_only=True
    )
    return [
        callbacks.LearningRateScheduler(lambda epoch, rate: 0.8 * rate),
        callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=0.5),
        callbacks.EarlyStopping("val_loss", mode="max", patience=2, restore_best_weights=True),
        best,
        callbacks.CSVLogger(str(folder / "log.csv")),
        Count(),
    ]


# github.com/keras-team/keras/issues/14862, /9462, /17012; azavea/raster-vision/issues/4;
# DeepLabCut/DeepLabCut/issues/3176
@pytest.mark.parametrize("stretches", [2, 3, 5])  # within an epoch, at its end, within the next one
def test_resumed_with_callbacks_as_if_never_stopped(tmp_path, stretches):
    settings = FIT | {"validation_data": (DATA[0][:20], DATA[1][:20]), "epochs": 8}
    runs = {}
    for name in ("unbroken", "broken"):
        (tmp_path / name).mkdir()
        model, watching = regression(), several(tmp_path / name)
        if name == "broken":
            with pytest.raises(KeyboardInterrupt):
                model.fit(*DATA, **settings, callbacks=[*watching, StopAt(stretches)], checkpoint=tmp_path / "run")
            model, watching = regression(), several(tmp_path / name)
        history = model.fit(
            *DATA, **settings, callbacks=watching, checkpoint=tmp_path / ("run" * (name == "broken") or "un")
        )
        runs[name] = model, watching, history
    (ours, mine, expected), (theirs, other, history) = runs["unbroken"], runs["broken"]
    assert len(expected.epoch) == 3, "stopped early, by callbacks that remember"
    assert history.history == expected.history
    np.testing.assert_array_equal(tiny.weights_of(ours), tiny.weights_of(theirs))
    assert mine[-1].seen == other[-1].seen == [0, 1, 2]
    np.testing.assert_array_equal(mine[-1].means["w"], other[-1].means["w"])
    assert (tmp_path / "unbroken/log.csv").read_text() == (tmp_path / "broken/log.csv").read_text()
    again = regression()
    assert again.fit(*DATA, **settings, callbacks=several(tmp_path / "broken"), checkpoint=tmp_path / "run").epoch == [
        0,
        1,
        2,
    ]
    np.testing.assert_array_equal(tiny.weights_of(again), tiny.weights_of(ours), err_msg="the cell is run again")


@pytest.mark.parametrize("two", [False, True])
def test_averaged_weights_when_the_cell_is_run_again(tmp_path, two):
    ends = []
    for checkpoint in (None, tmp_path / "run", tmp_path / "run"):
        model = gan(use_ema=True) if two else regression(keras.optimizers.Adam(0.01, use_ema=True))
        model.fit(*((POINTS,) if two else DATA), **FIT, checkpoint=checkpoint)
        ends.append(tiny.weights_of(model))
    np.testing.assert_array_equal(ends[0], ends[1])
    np.testing.assert_array_equal(ends[0], ends[2])


def test_what_no_file_can_hold_is_named(tmp_path):
    class Opener(Count):
        def on_epoch_end(self, epoch, logs=None):
            self.opened = object()

    with pytest.raises(KeyboardInterrupt):
        regression().fit(*DATA, **FIT, callbacks=[Opener(), StopAt(4)], checkpoint=tmp_path / "run")
    with pytest.warns(UserWarning, match=r"does not hold what these callbacks remember.*: Opener \(opened\)\."):
        regression().fit(*DATA, **FIT, callbacks=[Opener()], checkpoint=tmp_path / "run")


def test_stopped_within_an_epoch_it_is_completed_later(tmp_path):
    class Stop(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 1

    unbroken = regression()
    expected = unbroken.fit(*DATA, **FIT)
    regression().fit(*DATA, **FIT, callbacks=[Stop()], checkpoint=tmp_path / "run")
    again = regression()
    assert again.fit(*DATA, **FIT, checkpoint=tmp_path / "run").history == expected.history
    np.testing.assert_array_equal(tiny.weights_of(again), tiny.weights_of(unbroken))


# -- the checkpoint's file, and Ctrl-C ---------------------------------------------------------------------------------


def test_two_trainings_and_one_file(tmp_path, monkeypatch):
    second = []

    class Beside(callbacks.Callback):
        resumes_itself = True

        def on_epoch_begin(self, epoch, logs=None):
            with pytest.raises(
                ValueError, match=r"Expected a checkpoint that no other training writes to, got .*process"
            ):
                regression().fit(*DATA, **FIT, checkpoint="run")
            second.append(epoch)

    monkeypatch.chdir(tmp_path)
    regression().fit(*DATA, **FIT | {"epochs": 1}, checkpoint="run", callbacks=[Beside()])
    assert second == [0]
    assert [path.name for path in tmp_path.iterdir()] == ["run"], "no lock is left"
    regression().fit(*DATA, **FIT | {"epochs": 2}, checkpoint="run")


def test_where_the_file_is(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"Expected checkpoint: the path of a file, got the folder .*run\.npz"):
        regression().fit(*DATA, **FIT, checkpoint=tmp_path)
    for wrong in (True, ""):
        with pytest.raises(ValueError, match="Expected checkpoint: the path of a file"):
            regression().fit(*DATA, **FIT, checkpoint=wrong)
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="Expected a checkpoint in a folder that can be written to"):
        regression().fit(*DATA, **FIT, checkpoint=tmp_path / "file" / "run")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    away = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: os.chdir("/"))
    monkeypatch.chdir(tmp_path)
    regression().fit(*DATA, **FIT | {"epochs": 1}, checkpoint="~/new/run", callbacks=[away])
    regression().fit(*DATA, **FIT | {"epochs": 1}, checkpoint=tmp_path / "new" / "other")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["other", "run"]


# github.com/keras-team/keras/pull/21019
@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_leaves_the_model_whole(presses):
    model = regression()
    before = tiny.weights_of(model)
    with pytest.raises(KeyboardInterrupt):
        model.fit(*DATA, **FIT, callbacks=[StopAt(4, presses)])
    after = tiny.weights_of(model)
    assert np.isfinite(after).all()
    assert (after != before).any()
    model.fit(*DATA, **FIT)
