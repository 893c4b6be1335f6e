from arbor import Node


def longest_path(number):
    root = Node("root%d" % number)
    leaves = [Node("leaf%d" % leaf, Node("branch", root)) for leaf in range(3)]
    return max(leaf.path() for leaf in leaves)


for number in range(100):
    print(longest_path(number))
