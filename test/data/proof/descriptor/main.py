from fields import Bounded


class Dial:
    level = Bounded(0, 10)


total = 0
for number in range(150):
    dial = Dial()
    dial.level = number
    total += dial.level
print(total)
