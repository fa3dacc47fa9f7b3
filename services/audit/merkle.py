"""The ledger's hash tree (RFC 6962, 2.1): hashes, roots, proofs and their checks.

Leaves are counted from 0 here, as in the RFC. A complete subtree is named by its level (0 for a
leaf) and its number in that level, from the left.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

Read = Callable[[int, int], bytes]
"""The hash of the complete subtree of that level and number."""

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf with this content."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash above two subtrees; its prefix tells it from a leaf's."""
    return sha256(b"\x01" + left + right).digest()


class Roots:
    """The root of a growing tree, of which only the right edge is kept."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append a leaf, by its hash."""
        rest, hashed = self.size, leaf
        while rest & 1:
            hashed = node_hash(self._edge.pop(), hashed)
            rest >>= 1
        self._edge.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """The root over what was added; EMPTY before there is any."""
        if not self._edge:
            return EMPTY
        *left, hashed = self._edge
        for each in reversed(left):
            hashed = node_hash(each, hashed)
        return hashed


def completed(size: int, leaves: Sequence[bytes], read: Read) -> Iterator[tuple[int, int, bytes]]:
    """The (level, number, hash) above the leaves that become complete when a tree of `size` grows.

    `read` is asked for subtrees that were complete before.
    """
    new: dict[tuple[int, int], bytes] = {}
    for number, hashed in enumerate(leaves, start=size):
        level = 0
        new[level, number] = hashed
        while number & 1:
            left = new.get((level, number - 1)) or read(level, number - 1)
            level, number, hashed = level + 1, number >> 1, node_hash(left, hashed)
            new[level, number] = hashed
            yield level, number, hashed


def root(read: Read, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return _range(read, 0, size) if size else EMPTY


def inclusion(read: Read, leaf: int, size: int) -> list[bytes]:
    """The audit path of a leaf (from 0) in the tree of `size` (RFC 6962, 2.1.1)."""
    if not 0 <= leaf < size:
        raise ValueError("no such leaf in a tree of that size")
    return _path(read, leaf, 0, size)


def consistency(read: Read, first: int, second: int) -> list[bytes]:
    """Proof that the tree of size `second` begins with that of `first` (RFC 6962, 2.1.2)."""
    if not 0 < first <= second:
        raise ValueError("no such sizes")
    return _subproof(read, first, 0, second, whole=True)


def includes(root: bytes, size: int, leaf: int, hashed: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the leaf's hash under that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= leaf < size:
        return False
    number, last = leaf, size - 1
    for step in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            hashed = node_hash(step, hashed)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            hashed = node_hash(hashed, step)
        number, last = number >> 1, last >> 1
    return last == 0 and hashed == root


def extends(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the second tree is shown to begin with the first (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    steps = list(proof) if first & (first - 1) else [first_root, *proof]
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, step)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _range(read: Read, start: int, end: int) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        return read(size.bit_length() - 1, start // size)
    middle = start + _split(size)
    return node_hash(_range(read, start, middle), _range(read, middle, end))


def _path(read: Read, leaf: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if leaf < middle:
        return [*_path(read, leaf, start, middle), _range(read, middle, end)]
    return [*_path(read, leaf, middle, end), _range(read, start, middle)]


def _subproof(read: Read, first: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    if first == end:
        return [] if whole else [_range(read, start, end)]
    middle = start + _split(end - start)
    if first <= middle:
        return [*_subproof(read, first, start, middle, whole=whole), _range(read, middle, end)]
    return [*_subproof(read, first, middle, end, whole=False), _range(read, start, middle)]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
