"""The bar of long work: only where there is a terminal, with the time left."""

import pytest

from streamcheck.cli.progress import ProgressBar


def test_no_progress_bar_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    bar = ProgressBar()
    bar("a.mp4", 1.0, 10.0)
    bar.clear()
    assert capsys.readouterr() == ("", "")


def test_the_bar_tells_the_time_left_from_the_first_step() -> None:
    bar = ProgressBar()
    bar("a.mp4", 0.0, 100.0)
    bar("a.mp4", 25.0, 100.0)
    assert bar._bar is not None
    task, column = bar._bar.tasks[0], bar._bar.columns[-1]
    task.start_time, task.stop_time = 0.0, 30.0
    assert column(task).plain == "−1:30"
    bar.clear()
