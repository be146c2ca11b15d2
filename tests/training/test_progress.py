from coursekit.training import progress


def test_no_bar_where_output_is_recorded(monkeypatch):
    monkeypatch.setenv("COURSEKIT_PROGRESS", "0")
    assert progress() == []


def test_a_bar_that_writes_to_stdout_and_clears_itself(monkeypatch, capsys):
    import numpy as np

    from coursekit.training import backend

    monkeypatch.delenv("COURSEKIT_PROGRESS", raising=False)
    keras = backend.load()
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.zeros((8, 2), "float32")
    model.fit(x, x[:, :1], epochs=2, verbose=0, callbacks=progress())
    heard = capsys.readouterr()
    assert "0/2" in heard.out
    assert heard.out.rstrip("\n").endswith("\r"), "the line was cleared"
    assert heard.err == ""
