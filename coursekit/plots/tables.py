"""Tables of strings and numbers."""


def table(rows, columns):
    """A table of strings and numbers, as HTML in a notebook and as aligned text elsewhere. rows: [n][len(columns)]."""
    return Table(rows, columns)


class Table:
    def __init__(self, rows, columns):
        self.columns = list(columns)
        self.rows = [[cell if isinstance(cell, str) else f"{cell:.4g}" for cell in row] for row in rows]
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"Expected rows of {len(self.columns)} cells, got {[len(row) for row in self.rows]}.")

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [[*self.columns], ["-" * width for width in widths], *self.rows]
        padded = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        return "\n".join(padded)

    def _repr_html_(self):
        from html import escape

        cells = lambda tag, row: "".join(f'<{tag} style="text-align: left">{escape(cell)}</{tag}>' for cell in row)
        body = "".join(f"<tr>{cells('td', row)}</tr>" for row in self.rows)
        return f"<table><thead><tr>{cells('th', self.columns)}</tr></thead><tbody>{body}</tbody></table>"
