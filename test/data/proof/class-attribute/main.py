from probe import Probe

for number in range(50):
    print(Probe("host%d" % number).check())
