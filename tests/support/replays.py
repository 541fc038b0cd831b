"""A small repository whose commits are worth replaying."""

from pathlib import Path

from dulwich.repo import Repo

from support.repositories import commit

CLIENT = """class ClientPool:
    def fetch_everything(self, address):
        return address

    def close_quietly(self):
        return None
"""
FILLER = "".join(f"def unrelated_{number}():\n    return {number}\n\n\n" for number in range(60))
USE = """from client import ClientPool


def download(address):
    pool = ClientPool()
    return pool.fetch_everything(address)
"""
LATER = """from client import ClientPool


def tidy(pool):
    pool.close_quietly()
    return tomorrow_only(pool)


def tomorrow_only(pool):
    return pool
"""


def make_repository(folder: Path) -> list[str]:
    """Make a repository of three commits and return their names, the oldest first."""
    repo = Repo.init(str(folder), mkdir=True)
    try:
        return [
            commit(repo, {"client.py": CLIENT, "filler.py": FILLER}, 1_700_000_000),
            commit(repo, {"use.py": USE}, 1_700_100_000),
            commit(
                repo, {"later.py": LATER, "use.py": f"{USE}\n\nLIMIT_SECONDS = 3\n"}, 1_700_200_000
            ),
        ]
    finally:
        repo.close()
