class Bounded:
    _seen = {}

    def __init__(self, low, high):
        self.low = low
        self.high = high

    def __get__(self, owner, kind=None):
        return self if owner is None else self._seen.get(owner, self.low)

    def __set__(self, owner, value):
        self._seen[owner] = min(max(value, self.low), self.high)
