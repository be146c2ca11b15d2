"""The time of a training: how much of it may go into drawing, and how it is written."""

import math

SHORTEST_WAIT = 0.3  # seconds from one redraw to the next


class DrawingBudget:
    """Decides when to redraw, so that drawing takes at most `share` of a training's time.

    Attributes:
        spent: seconds of drawing since the training began.
        next: when the next redraw may begin, in seconds from the training's beginning.
    """

    def __init__(self, share):
        self.share = share
        self.spent = self.next = self.dearest = 0.0

    def pay(self, cost, now):
        """Count a redraw during the training, which took `cost` seconds and ended at `now`, and plan the next."""
        self.spent += cost
        self.plan(cost, now)

    def plan(self, cost, now):
        """Set `next` after a redraw that took `cost` seconds and ended at `now`.

        It is when the share of the time up to then pays for all redraws so far and for one more that costs a quarter
        more than the most expensive of them.
        """
        self.dearest = max(self.dearest, cost)
        self.next = max(now + SHORTEST_WAIT, (self.spent + 1.25 * self.dearest) / self.share)


def clock(seconds) -> str:
    """Seconds as m:ss or h:mm:ss, rounded up."""
    minutes, seconds = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
