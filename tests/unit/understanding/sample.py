"""A sample of what the shipped weights say, so that nobody changes them unawares."""

import json
from pathlib import Path

from adapters.language.minilm import MiniLM
from adapters.language.universal import Universal
from dialogue.meanings import Embedders
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.reading import read
from dialogue.understanding.values import KindGuess

SAMPLE = Path(__file__).with_name("kinds_sample.json")
TEXTS = [
    "the elevator app tells me floor 3 but we are on floor 5",
    "my plants die because the pump waters them twice",
    "sauna won't heat above 60 degrees",
    "the choir list was emptied over night",
    "why is the swimming pool closed",
    "how do i tune the third string",
    "which oil goes into the chain saw",
    "does the tent fit four people?",
    "is there any way it could count lanes by itself",
    "would be neat if the kiln remembered my last program",
    "please let members swap shifts among themselves",
    "i wish the ferry had bike racks",
    "can you add a second microphone to the hall",
    "turn the valve to the left, then it drains",
    "you need a permit from the town hall first",
    "unplug the kettle and the humming stops",
    "what helped in our choir was to start a tone lower",
    "we meet every second tuesday",
    "the pump is from 2015",
    "our allotment has 40 plots",
    "i bought the blue kayak in june",
    "best bread in the whole valley",
    "the new tram line is wonderful",
    "our teacher is so patient, i love her lessons",
    "the coffee here is undrinkable and they know it",
    "forty euros for a haircut, outrageous",
    "i can't stand the new ticket machines",
    "see you at the lake",
    "haha the goat ate my hat",
    "thanks a lot for the seeds",
    "same here",
    "that did it, thank you",
    "good evening neighbours",
    "die pumpe springt nicht mehr an",
    "wäre toll, wenn die sauna länger offen hätte",
    "wann fährt der letzte bus?",
    "la piscine est fermée depuis lundi et personne ne répond",
    "il faudrait plus de bancs au parc",
    "dónde se compran las entradas",
    "la fuente no funciona",
    "кто-нибудь знает когда откроют бассейн",
    "プールはいつ開きますか？",
    "die schaukel quietscht und eine schraube fehlt",
    "la barca entra acqua da ieri",
    "podría haber más sombra en la plaza",
    "mógłby ktoś postawić więcej ławek w parku",
    "bizim mahallede pazar perşembe kurulur",
    "kadın korosu harikaydı",
    "prijs van de schaatsles is echt belachelijk geworden",
    "喷泉能不能晚上也开",
    "水泵坏了",
    "",
    "🎉🎉",
    "https://example.org/boats",
]


def reconsidered(guess: KindGuess, text: str) -> KindGuess:
    """The guess in the light of what the text means."""
    meant = Embedders(MiniLM(), Universal()).at_a_glance(text)
    return LearnedKinds().reconsider(guess, meant.model, meant.vector)


def rows() -> list[dict[str, object]]:
    """What is said of each text now: by its words, and by what it means as well."""
    kinds = LearnedKinds()
    rows = []
    for text in TEXTS:
        guess = kinds.classify(read(text))
        second = reconsidered(guess, text)
        said = {"text": text, "kind": guess.kind.value, "confidence": guess.confidence, "rule": guess.rule}
        rows.append(said | {"meant": second.kind.value, "surely": second.confidence})
    return rows


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows())
    SAMPLE.write_text(f"[\n{lines}\n]\n", "utf-8")
