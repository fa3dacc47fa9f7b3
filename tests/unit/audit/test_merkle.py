"""The hash tree against RFC 6962's vectors and against the RFC's own recursive definition."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit import merkle

INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Certificate Transparency's reference tree: the root after each of the inputs."""


class Stored:
    """A tree that grew in batches, with every complete subtree kept."""

    def __init__(self, leaves: list[bytes], batch: int = 3) -> None:
        self.nodes = {(0, number): leaf for number, leaf in enumerate(leaves)}
        for start in range(0, len(leaves), batch):
            new = leaves[start : start + batch]
            for level, number, hashed in merkle.completed(start, new, self.read):
                assert (level, number) not in self.nodes
                self.nodes[level, number] = hashed

    def read(self, level: int, number: int) -> bytes:
        return self.nodes[level, number]


def hashed(number: int) -> list[bytes]:
    return [merkle.leaf_hash(str(i).encode()) for i in range(number)]


def naive(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference_tree(size: int) -> None:
    """Computed while growing, and from stored subtrees."""
    leaves = [merkle.leaf_hash(content) for content in INPUTS[:size]]
    roots = merkle.Roots()
    for leaf in leaves:
        roots.add(leaf)
    assert roots.root().hex() == ROOTS[size - 1]
    assert merkle.root(Stored(leaves).read, size).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """RFC 6962: SHA-256 of the empty text."""
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.Roots().root().hex() == expected
    assert merkle.root(Stored([]).read, 0).hex() == expected


def test_the_audit_paths_are_those_of_the_reference_tree() -> None:
    """Certificate Transparency's own examples: leaves 1 of 1, 6 of 8, 3 of 3, 2 of 5."""
    read = Stored([merkle.leaf_hash(content) for content in INPUTS]).read
    assert merkle.inclusion(read, 0, 1) == []
    assert [step.hex() for step in merkle.inclusion(read, 5, 8)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in merkle.inclusion(read, 2, 3)] == [ROOTS[1]]
    assert [step.hex() for step in merkle.inclusion(read, 1, 5)] == [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


def test_the_consistency_proofs_are_those_of_the_reference_tree() -> None:
    """Certificate Transparency's own examples: 1 of 1, 1 of 8, 6 of 8, 2 of 5."""
    read = Stored([merkle.leaf_hash(content) for content in INPUTS]).read
    assert merkle.consistency(read, 1, 1) == []
    assert [step.hex() for step in merkle.consistency(read, 1, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in merkle.consistency(read, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in merkle.consistency(read, 2, 5)] == [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


@given(size=st.integers(0, 70), batch=st.integers(1, 70))
def test_a_stored_tree_has_the_root_of_the_definition_at_every_size(size: int, batch: int) -> None:
    """However it grew, also at sizes that it has outgrown."""
    leaves = hashed(size)
    read = Stored(leaves, batch).read
    for smaller in range(size + 1):
        assert merkle.root(read, smaller) == naive(leaves[:smaller])


def test_every_entry_of_every_tree_is_proven_and_nothing_else_is() -> None:
    """The proof fits its own leaf, index, size and root only."""
    leaves = hashed(20)
    read = Stored(leaves).read
    for size in range(1, 21):
        root = naive(leaves[:size])
        for leaf in range(size):
            proof = merkle.inclusion(read, leaf, size)
            assert merkle.includes(root, size, leaf, leaves[leaf], proof)
            assert not merkle.includes(root, size, leaf, merkle.leaf_hash(b"other"), proof)
            assert not merkle.includes(merkle.EMPTY, size, leaf, leaves[leaf], proof)
            assert not merkle.includes(root, size, leaf, leaves[leaf], [*proof, root])
            assert not proof or not merkle.includes(root, size, leaf, leaves[leaf], proof[:-1])
            for other in set(range(size)) - {leaf}:
                assert not merkle.includes(root, size, other, leaves[leaf], proof)


def test_every_tree_is_shown_to_begin_with_every_smaller_one() -> None:
    """And no proof fits a tree that was changed."""
    leaves = hashed(20)
    read = Stored(leaves).read
    for second in range(1, 21):
        for first in range(1, second + 1):
            proof = merkle.consistency(read, first, second)
            old, new = naive(leaves[:first]), naive(leaves[:second])
            assert merkle.extends(first, old, second, new, proof)
            forged = naive([merkle.leaf_hash(b"other"), *leaves[1:first]])
            assert not merkle.extends(first, forged, second, new, proof)
            assert not merkle.extends(first, old, second, merkle.EMPTY, proof)
            assert not merkle.extends(first, old, second, new, [*proof, old])


@pytest.mark.parametrize(("leaf", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_that_is_not_there_cannot_be_proven(leaf: int, size: int) -> None:
    """Neither made nor accepted."""
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion(Stored(hashed(3)).read, leaf, size)
    assert not merkle.includes(naive(hashed(3)), size, leaf, hashed(1)[0], [])


@pytest.mark.parametrize(("first", "second"), [(0, 3), (3, 2)])
def test_sizes_in_the_wrong_order_prove_nothing(first: int, second: int) -> None:
    """The empty tree neither: every tree begins with it."""
    with pytest.raises(ValueError, match="no such sizes"):
        merkle.consistency(Stored(hashed(3)).read, first, second)
    assert not merkle.extends(first, merkle.EMPTY, second, naive(hashed(second)), [])
