"""The build hook: pinned weights in, a small faithful model out."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors.numpy import save_file

import hatch_build


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    """Random weights in the real model's shape, with a vocabulary of 100 words."""
    generator = np.random.default_rng(7)
    size = hatch_build.SIZE
    made: dict[str, np.ndarray] = {}

    def put(name: str, *shape: int) -> None:
        made[name] = (generator.standard_normal(shape) * 0.05).astype(np.float32)

    def dense(name: str, outputs: int, inputs: int) -> None:
        put(f"{name}.weight", outputs, inputs)
        put(f"{name}.bias", outputs)

    def norm(name: str) -> None:
        made[f"{name}.weight"] = np.ones(size, np.float32)
        made[f"{name}.bias"] = np.zeros(size, np.float32)

    put("embeddings.word_embeddings.weight", 100, size)
    put("embeddings.position_embeddings.weight", 512, size)
    put("embeddings.token_type_embeddings.weight", 2, size)
    norm("embeddings.LayerNorm")
    for layer in range(hatch_build.LAYERS):
        prefix = f"encoder.layer.{layer}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            dense(f"{prefix}.attention.{part}", size, size)
        dense(f"{prefix}.intermediate.dense", 4 * size, size)
        dense(f"{prefix}.output.dense", size, 4 * size)
        norm(f"{prefix}.attention.output.LayerNorm")
        norm(f"{prefix}.output.LayerNorm")
    return made


@pytest.fixture
def pinned(
    weights: dict[str, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[hatch_build.Source, Path]:
    """An installed package with such weights, and sums pinned to it; with its model folder."""
    model = tmp_path / "site" / "pinned_weights" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").write_text("raise ImportError('must not be imported')")
    save_file(weights, model / "model.safetensors")
    (model / "tokenizer.json").write_text("{}")
    sums = {name: hatch_build.sha256(model / name) for name in hatch_build.MINILM.sha256}
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return hatch_build.Source("pinned_weights", "model", sums), model


def embed(model: onnx.ModelProto, ids: list[int]) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"input_ids": np.array([ids], np.int64)})[0]


def test_int8_stays_close_to_float(weights: dict[str, np.ndarray]) -> None:
    small, exact = hatch_build.build(weights), hatch_build.build(weights, quantised=False)
    for ids in ([1, 2], [3, 1, 4, 1, 5, 9, 2, 6], list(range(100))):
        a, b = embed(small, ids), embed(exact, ids)
        assert a.shape == (384,)
        assert np.linalg.norm(a) == pytest.approx(1, abs=1e-5)
        assert float(a @ b) > 0.98
    assert small.ByteSize() < exact.ByteSize() / 3


def test_word_order_counts(weights: dict[str, np.ndarray]) -> None:
    model = hatch_build.build(weights, quantised=False)
    assert not np.allclose(embed(model, [1, 2, 3]), embed(model, [3, 2, 1]), atol=1e-4)


def write(source: hatch_build.Source, folder: Path) -> bool:
    return hatch_build.write_model(source, folder, hatch_build.write_minilm)


def test_written_once_and_again_only_when_the_record_differs(
    pinned: tuple[hatch_build.Source, Path], tmp_path: Path
) -> None:
    source, folder = pinned[0], tmp_path / "out"
    assert write(source, folder)
    assert sorted(p.name for p in folder.iterdir()) == ["model.json", "model.onnx", "tokenizer.json"]
    assert not write(source, folder)
    (folder / "model.json").write_text("{}")
    assert write(source, folder)


def test_a_program_that_has_a_file_open_keeps_what_it_holds(
    pinned: tuple[hatch_build.Source, Path], tmp_path: Path
) -> None:
    source, folder = pinned[0], tmp_path / "out"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"as it was")
    with (folder / "model.onnx").open("rb") as held:
        assert write(source, folder)
        assert held.read() == b"as it was"
    assert (folder / "model.onnx").read_bytes() != b"as it was"


def test_other_weights_are_refused(pinned: tuple[hatch_build.Source, Path], tmp_path: Path) -> None:
    source, model = pinned
    with (model / "model.safetensors").open("ab") as file:
        file.write(b"!")
    with pytest.raises(hatch_build.ModelSourceError, match=r"model\.safetensors is not the pinned file"):
        write(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(hatch_build.ModelSourceError, match="no_such_weights"):
        write(hatch_build.Source("no_such_weights", "model", {}), tmp_path / "out")
