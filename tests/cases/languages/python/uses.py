@app.route("/", methods=["GET"])
@cached
def handler(request: Request, /, n, size: int = 3, *rest: str, key=None, **extra) -> "Reply | None":
    session = Session(request.user, retries=n)
    total: int = 0
    for i, (name, value) in enumerate(request.items()):
        total += value
    with open(name) as file, session.begin() as (a, b):
        data = [row.strip() for row in file if (length := len(row)) > size]
    try:
        first, *others = data
    except (ValueError, errors.Timeout) as error:
        raise Failed(f"{name!r}: {error.args[0]:>{size}}") from error
    except KeyError as missing:
        pass
    match total:
        case Point(x=px, y=0) | Line(px):
            print(px)
        case [head, *tail] as whole:
            print(head, tail, whole)
        case {"key": inner, **others}:
            print(inner)
        case Color.RED:
            pass
    total = session.client(timeout=3).get(a)[b].text
    return sorted(data, key=lambda each, default=1: each.rank or default)


class Handler(Base, mixins.Logged[int]):
    limit: Optional[int] = None

    def run(self, items: list[Item] | None = None) -> dict[str, models.Row]:
        self.items = items
        return {item.name: make(item) for item in self.items}


print(handler, undefined)
