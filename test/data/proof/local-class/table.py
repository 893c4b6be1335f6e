def render(rows):
    class Cell:
        width = 8

        def text(self, value):
            return str(value).rjust(self.width)

    cell = Cell()
    return "\n".join(cell.text(row) for row in rows)
