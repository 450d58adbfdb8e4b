import pytest

from dialogue.events import Actor
from knowledge_base.facets import Facets, Tone, Urgency
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ADA, ANNA, Stage, person


@pytest.mark.parametrize("who", [ANNA, person("tom", Role.TRUSTED)])
async def test_what_admins_name_is_noticed_from_then_on_and_told_with_the_reasons(stage: Stage, who: Actor) -> None:
    added = await stage.command(ADA, "topic add", {"kind": "competitor", "name": "Rival", "words": "rival cloud"})
    assert added == "I look out for Rival from now on."
    await stage.command(ADA, "topic add", {"kind": "area", "name": "billing", "words": "invoice, credit card"})
    assert "billing" in await stage.command(ADA, "topic list")
    said = await stage.say(who, "Our shop is down, the invoices fail. At rival cloud that was better, this is terrible")
    kept = await stage.message(said)
    assert kept is not None
    assert kept.facets == Facets(Tone.NEGATIVE, Urgency.NOW, ("Rival",), "billing")
    assert "names Rival" in kept.reasons
    assert await stage.command(ADA, "topic remove", {"kind": "area", "name": "billing"}) != ""
    assert "Nothing" in await stage.command(ADA, "topic remove", {"kind": "area", "name": "billing"})
