from table import render

for number in range(200):
    print(render([number, number + 1]))
