"""The build hook's other model: a vocabulary found by hash, words in its order, layers as they were published."""

import struct
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hatch_build
from adapters.language.pieces import Pieces

CONTROLS = ["<unk>", "<s>", "</s>", "a", "b", "c"]
PIECES = {"▁": -3.0, "e": -4.0, "x": -4.0, "p": -4.0, "o": -4.0, "▁ex": -2.5, "port": -2.0, "▁export": -2.2, "r": -5.0}
SIZE, WIDTH, INNER = 512, 256, 320


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    """Random weights in the real model's shape, with a table of a few rows."""
    generator = np.random.default_rng(7)

    def some(*shape: int) -> np.ndarray:
        return (generator.standard_normal(shape) * 0.05).astype(np.float32)

    made = {"eps": np.array(1e-6), "scale": some(17) ** 2 + 0.01, "lo": some(17), "cnn_b": some(SIZE)}
    made |= {f"q{n + 1}": generator.integers(0, 64, (2, SIZE)).astype(np.uint8) for n in range(17)}
    for order, _ in hatch_build.BRANCHES:
        made |= {f"proj{order}": some(SIZE, WIDTH), f"proj_b{order}": some(WIDTH)}
        made |= {f"ln_g{order}": some(WIDTH) + 1, f"ln_b{order}": some(WIDTH)}
        for layer in (1, 2):
            made |= {f"w{layer}_{order}": some(order * WIDTH, WIDTH), f"b{layer}_{order}": some(WIDTH)}
    made |= {"ln_g": some(SIZE + 3 * WIDTH) + 1, "ln_b": some(SIZE + 3 * WIDTH), "cnn_W": some(SIZE + 3 * WIDTH, SIZE)}
    made |= {"d0": some(SIZE, INNER), "d1": some(INNER, INNER), "d2": some(INNER, SIZE), "d3": some(SIZE, SIZE)}
    return made | {"p1": some(SIZE, INNER), "p3": some(INNER, SIZE)}


@pytest.fixture
def published(weights: dict[str, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with such weights and a small vocabulary."""
    monkeypatch.setattr(hatch_build, "BLOCK", 2)
    np.savez(tmp_path / "weights.npz", **weights)
    pieces = [(text, None) for text in CONTROLS] + list(PIECES.items())
    parts = [field(1, field(1, text.encode()) + (b"" if s is None else likelihood(s))) for text, s in pieces]
    specification = field(1, b"nmt_nfkc") + field(2, struct.pack("<I", 0))
    (tmp_path / "sp.model").write_bytes(b"".join(parts) + field(3, specification))
    return tmp_path


def field(number: int, content: bytes) -> bytes:
    assert len(content) < 0x80
    return bytes([number << 3 | 2, len(content)]) + content


def likelihood(score: float) -> bytes:
    return bytes([2 << 3 | 5]) + struct.pack("<f", score)


def by_hand(words: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    """The encoder as its publishers run it, in plain numpy."""

    def normalised(x: np.ndarray, scale: np.ndarray, bias: np.ndarray) -> np.ndarray:
        x = x - x.mean(axis=-1, keepdims=True)
        return x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + weights["eps"]) * scale + bias

    def joined(name: str) -> np.ndarray:
        return np.concatenate([weights[f"{name}{order}"] for order, _ in hatch_build.BRANCHES], axis=-1)

    x = normalised(words @ joined("proj") + joined("proj_b"), joined("ln_g"), joined("ln_b"))
    parts = [words]
    for number, (order, before) in enumerate(hatch_build.BRANCHES):
        y = x[:, number * WIDTH : (number + 1) * WIDTH]
        for layer in (1, 2):
            padded = np.pad(y, ((before, order - 1 - before), (0, 0)))
            around = np.concatenate([padded[place : place + len(y)] for place in range(order)], axis=1)
            y = np.maximum(around @ weights[f"w{layer}_{order}"] + weights[f"b{layer}_{order}"], 0) + y
        parts.append(y)
    x = normalised(np.concatenate(parts, axis=1), weights["ln_g"], weights["ln_b"])
    mean = (x.sum(axis=0) @ weights["cnn_W"] + len(x) * weights["cnn_b"]) / np.sqrt(len(x))
    y = np.maximum(mean @ weights["p1"] + np.maximum(mean @ weights["d0"], 0) @ weights["d1"], 0)
    z = np.tanh(y @ weights["p3"] + np.maximum(y @ weights["d2"], 0) @ weights["d3"])
    return z / np.linalg.norm(z)


def embed(model: onnx.ModelProto, words: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"words": words})[0]


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_graph_is_the_published_encoder_and_int8_stays_close(weights: dict[str, np.ndarray], count: int) -> None:
    words = np.random.default_rng(count).standard_normal((count, SIZE)).astype(np.float32)
    expected = by_hand(words, weights)
    np.testing.assert_allclose(embed(hatch_build.build_universal(weights, quantised=False), words), expected, atol=1e-4)
    assert float(embed(hatch_build.build_universal(weights), words) @ expected) > 0.98


def test_pieces_are_found_with_their_own_words(published: Path, weights: dict[str, np.ndarray], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    hatch_build.write_universal(published, folder)
    sums, words, blocks = (np.load(folder / f"{name}.npy") for name in ("pieces", "words", "blocks"))
    assert (np.diff(sums) > 0).all()
    ids = Pieces(sums, np.load(folder / "scores.npy"), str).of("export re")
    names = [*(CONTROLS + list(PIECES))]
    known = {i: name for name in PIECES for i in [int(np.searchsorted(sums, hatch_build.checksum(name)))]}
    assert [known.get(int(i), int(i) - len(sums)) for i in ids] == [1, "▁export", "▁", "r", "e", 2]
    for number, name in known.items():
        row = names.index(name)
        published_row = weights[f"q{row % 17 + 1}"][row // 17] * weights["scale"][row % 17] + weights["lo"][row % 17]
        np.testing.assert_allclose(words[number] * blocks[number, 0] + blocks[number, 1], published_row, rtol=1e-5)
    np.testing.assert_array_equal(words[len(sums) + 1], weights["q2"][0])  # the beginning is the second piece


def test_a_character_without_a_piece_is_unknown_and_the_likeliest_split_is_taken() -> None:
    vocabulary = {"▁": -1.0, "a": -1.0, "b": -1.0, "ab": -2.5, "▁a": -1.5}
    order = sorted(vocabulary, key=hatch_build.checksum)
    sums = np.array([hatch_build.checksum(piece) for piece in order], np.uint64)
    pieces = Pieces(sums, np.array([vocabulary[piece] for piece in order], np.float32), str)
    names = [*order, "?", "<", ">"]
    assert [names[i] for i in pieces.of("ab")] == ["<", "▁a", "b", ">"]
    assert [names[i] for i in pieces.of(" b☃  a ")] == ["<", "▁", "b", "?", "▁a", ">"]
    assert [names[i] for i in pieces.of("")] == ["<", "?", ">"]
    assert [names[i] for i in pieces.of("a▁ab ab")] == ["<", "▁a", "▁a", "b", "▁a", "b", ">"]  # as if it were a space


@given(st.lists(st.text("ab☃", min_size=1, max_size=50), min_size=1))
def test_words_have_the_pieces_they_have_alone_also_when_met_again(words: list[str]) -> None:
    vocabulary = {"▁": -1.0, "a": -1.0, "b": -1.0, "ab": -2.5, "▁a": -1.5, "bab": -1.75}
    order = sorted(vocabulary, key=hatch_build.checksum)
    sums = np.array([hatch_build.checksum(piece) for piece in order], np.uint64)
    fresh, used = (Pieces(sums, np.array([vocabulary[p] for p in order], np.float32), str) for _ in range(2))
    alone = [number for word in words for number in used.of(word)[1:-1]]
    assert list(fresh.of(" ".join(words))[1:-1]) == alone == list(used.of(" ".join(words))[1:-1])
